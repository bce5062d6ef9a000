"""Parts whose lack is nobody's failure: a job waits for them, with the reason shown, for ever."""

from datetime import timedelta

from transcriber.engine.errors import ModelError
from transcriber.infra.errors import StorageFullError, UnavailableError
from transcriber.infra.storage.errors import ObjectDamagedError, ObjectMissingError
from transcriber.jobs.admission import MemoryShortageError

MODEL_RECHECK = timedelta(seconds=60)
MEMORY_RECHECK = timedelta(seconds=5)
STORAGE_RECHECK = timedelta(seconds=20)
"""A slice that finds no room may have decoded for a while, so it is not tried every few seconds."""


def find_wait(error: Exception) -> timedelta | None:
    """How long a job waits before it is tried again; None where the error counts against it.

    An object that is missing or damaged counts: waiting does not bring it back.
    """
    if isinstance(error, ModelError):
        is_short = error.code == MemoryShortageError.default_code
        return MEMORY_RECHECK if is_short else MODEL_RECHECK
    if isinstance(error, ObjectMissingError | ObjectDamagedError):
        return None
    if isinstance(error, StorageFullError | UnavailableError):
        return STORAGE_RECHECK
    return None
