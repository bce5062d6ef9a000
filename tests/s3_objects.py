"""Objects to store in tests: a small one that is sent whole, and one of two parts."""

from transcriber.infra.identifiers import create_id
from transcriber.infra.storage.s3 import S3Storage

MEBIBYTE = 1024**2
PIECE = bytes(range(256)) * 4096
SMALL = b"0123456789" * 20_000


def store(storage: S3Storage, *pieces: bytes) -> str:
    """Store an object of these pieces; returns its key."""
    writer = storage.create(f"recordings/{create_id()}")
    for piece in pieces:
        writer.write(piece)
    return writer.commit().key


def store_small(storage: S3Storage) -> str:
    return store(storage, SMALL)


def store_parts(storage: S3Storage) -> str:
    """An object of two parts."""
    return store(storage, *[PIECE] * 9)
