"""Where bytes live: one small Protocol, one driver per place."""

from transcriber.infra.settings import Settings
from transcriber.infra.storage.local import LocalStorage
from transcriber.infra.storage.parts import Assembly, BegunPart, Part, PartStore, PartWriter
from transcriber.infra.storage.protocol import ObjectAge, ObjectWriter, Storage, StoredObject

__all__ = [
    "Assembly",
    "BegunPart",
    "LocalStorage",
    "ObjectAge",
    "ObjectWriter",
    "Part",
    "PartStore",
    "PartWriter",
    "Storage",
    "StoredObject",
    "build_storage",
]


def build_storage(settings: Settings) -> Storage:
    """The storage that the settings choose; nothing is connected before its first use.

    Raises:
        StartupError: when the settings of S3 cannot be used together.
    """
    low_water = settings.disk_low_water_bytes
    if settings.storage == "local" or settings.s3_bucket is None:
        return LocalStorage(settings.resolved_storage_dir, low_water_bytes=low_water)
    # Its library takes a while to import, and most installations do without.
    from transcriber.infra.storage.s3 import S3Storage  # noqa: PLC0415
    from transcriber.infra.storage.s3_client import build_client  # noqa: PLC0415

    return S3Storage(
        build_client(settings),
        bucket=settings.s3_bucket,
        prefix=settings.normalized_s3_prefix,
        scratch_dir=settings.resolved_scratch_dir,
        low_water_bytes=low_water,
    )
