"""What an object store answers, in the words of the API."""

from collections.abc import Generator, Mapping
from contextlib import contextmanager
from typing import Any

import structlog
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    CredentialRetrievalError,
    NoCredentialsError,
    PartialCredentialsError,
)
from botocore.parsers import ResponseParserError

from transcriber.infra.errors import ServiceError, StorageFullError, UnavailableError
from transcriber.infra.storage.errors import ObjectMissingError

BROKEN_ANSWERS = (BotoCoreError, ResponseParserError)
"""What the client raises where no answer came, or none that is S3's."""
S3_ERRORS = (*BROKEN_ANSWERS, ClientError)
"""Everything the client raises."""

_RETRY = {"Retry-After": "10"}
_MISSING = {"404", "NoSuchKey"}
_FULL = {"InsufficientStorage", "InsufficientCapacity", "QuotaExceeded", "XMinioStorageFull"}
_FULL_STATUS = 507
_DENIED_STATUSES = {401, 403}
_SKEWED = {"RequestTimeTooSkewed", "RequestExpired"}
_NO_CREDENTIALS = (CredentialRetrievalError, NoCredentialsError, PartialCredentialsError)

_log = structlog.stdlib.get_logger(__name__)


@contextmanager
def translate_s3_errors(action: str) -> Generator[None]:
    """Turn the client's errors into refusals; `action` is as in `store the bytes`."""
    try:
        yield
    except S3_ERRORS as error:
        raise translate_s3_error(error, action) from error


def translate_s3_error(error: Exception, action: str) -> ServiceError:
    """The refusal that an error of the client becomes; the log has the store's own words.

    Args:
        error: What the client raised.
        action: What was being done.
    """
    code, status = read_error_code(error), read_status(error)
    # Its text would repeat addresses and, with some servers, the access key.
    _log.warning("storage_failed", action=action, code=code, status=status)
    if code in _SKEWED:
        return UnavailableError(
            f"Could not {action}: this machine's clock differs too much from the storage's; "
            "its operator must put that right.",
            code="storage_denied",
            headers=_RETRY,
        )
    if isinstance(error, _NO_CREDENTIALS) or status in _DENIED_STATUSES:
        return UnavailableError(
            f"Could not {action}: the storage does not accept the service's credentials; "
            "its operator must put that right.",
            code="storage_denied",
            headers=_RETRY,
        )
    if code in _MISSING:
        return ObjectMissingError(f"Could not {action}: the stored object is missing.")
    if code in _FULL or status == _FULL_STATUS:
        return StorageFullError(f"Could not {action}: the storage is full.")
    return UnavailableError(
        f"Could not {action}: the storage answered {code!r}.",
        code="storage_unavailable",
        headers=_RETRY,
    )


def read_member(answer: Mapping[str, Any], name: str) -> Any:
    """A member that every answer of its kind has, unless another server answers in its place.

    Raises:
        UnavailableError: when it is not there.
    """
    if name not in answer:
        raise UnavailableError(
            f"The storage's answer lacks its {name}; something else may be answering in its place.",
            code="storage_unavailable",
            headers=_RETRY,
        )
    return answer[name]


def read_error_code(error: Exception) -> str:
    """The store's name of the error, or that of the client where no answer came."""
    if isinstance(error, ClientError):
        return error.response.get("Error", {}).get("Code", "unknown")[:64]
    return type(error).__name__


def read_status(error: Exception) -> int | None:
    """The answer's HTTP status, or None where no answer came."""
    if isinstance(error, ClientError):
        return error.response.get("ResponseMetadata", {}).get("HTTPStatusCode")
    return None
