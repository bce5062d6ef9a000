"""Where bytes live: one small Protocol, one driver per place."""

from transcriber.infra.storage.protocol import ObjectWriter, Storage, StoredObject

__all__ = ["ObjectWriter", "Storage", "StoredObject"]
