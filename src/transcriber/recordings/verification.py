"""Whether stored bytes are still those that were sent."""

import hashlib
from collections.abc import Callable

from transcriber.infra.storage import Storage
from transcriber.infra.storage.errors import ObjectDamagedError
from transcriber.recordings.models import Recording

BLOCK_BYTES = 8 * 1024**2


def verify_recording(
    storage: Storage, recording: Recording, check: Callable[[float], None]
) -> None:
    """Read the recording from end to end; `check` is called for each block and may raise.

    Raises:
        ObjectDamagedError: its bytes are not those of its SHA-256.
        UnavailableError: they cannot be read.
    """
    digest = hashlib.sha256()
    for offset in range(0, recording.size_bytes, BLOCK_BYTES):
        check(0.0)
        digest.update(storage.read_range(recording.storage_key, offset, BLOCK_BYTES))
    if digest.hexdigest() != recording.sha256:
        raise ObjectDamagedError(
            "The stored recording no longer has the bytes that were sent; send it again."
        )
