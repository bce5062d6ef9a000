"""What can go wrong with stored bytes, in the words of the API."""

import errno

from transcriber.infra.errors import ServiceError, StorageFullError, UnavailableError

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


class ObjectMissingError(UnavailableError):
    """A row points at an object that is not there: the storage needs the operator's attention."""

    code = "object_missing"


class ObjectDamagedError(UnavailableError):
    """An object is there and is not what was stored: it needs the operator's attention."""

    code = "object_damaged"


def translate_os_error(error: OSError, action: str) -> ServiceError:
    """The refusal that an operating-system error becomes.

    Args:
        error: What the system said.
        action: What was being done, as in `store the recording`.
    """
    if isinstance(error, FileNotFoundError):
        return ObjectMissingError(f"Could not {action}: the stored object is missing.")
    if error.errno in _FULL:
        return StorageFullError(f"Could not {action}: the storage is full.")
    reason = error.strerror or type(error).__name__
    return UnavailableError(
        f"Could not {action}: the storage answered {reason!r}.",
        code="storage_unavailable",
        headers={"Retry-After": "10"},
    )
