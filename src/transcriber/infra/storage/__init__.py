"""Where bytes live: one small Protocol, one driver per place."""

from transcriber.infra.settings import Settings
from transcriber.infra.storage.local import LocalStorage
from transcriber.infra.storage.protocol import ObjectAge, ObjectWriter, Storage, StoredObject

__all__ = ["LocalStorage", "ObjectAge", "ObjectWriter", "Storage", "StoredObject", "build_storage"]


def build_storage(settings: Settings) -> Storage:
    """The storage that the settings choose."""
    return LocalStorage(settings.storage_dir, low_water_bytes=settings.disk_low_water_bytes)
