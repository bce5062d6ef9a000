"""Errors that carry their HTTP status, so that every layer can refuse and one place can answer.

RFC 9457 problem documents: `type` is `/problems/<code>`, `title` is fixed per code, `detail` is
one sentence about this case.
"""

from collections.abc import Mapping
from types import MappingProxyType


class ServiceError(Exception):
    """A refusal with a status, a stable code and one readable sentence.

    Attributes:
        status: HTTP status of the answer.
        code: Stable snake_case name of the reason.
        title: The reason in general words.
        extra: Members added to the problem document (limits, usage).
        headers: Headers of the answer.
        default_headers: Those of every such answer, unless `headers` says otherwise.
    """

    status = 500
    code = "internal"
    title = "Something went wrong on our side."
    default_headers: Mapping[str, str] = MappingProxyType({})

    def __init__(
        self,
        detail: str,
        *,
        code: str | None = None,
        extra: Mapping[str, object] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.detail = detail
        self.code = code or self.code
        self.extra = dict(extra or {})
        self.headers = {**self.default_headers, **(headers or {})}


class StartupError(OSError):
    """The machine does not let the service start; the message is one sentence for the operator."""


class BadRequestError(ServiceError):
    """The request cannot be read."""

    status = 400
    code = "bad_request"
    title = "The request cannot be read."


class UnauthenticatedError(ServiceError):
    """Nobody is signed in."""

    status = 401
    code = "unauthenticated"
    title = "Sign in first."


class ForbiddenError(ServiceError):
    """The account may not do this."""

    status = 403
    code = "forbidden"
    title = "Your account may not do this."


class NotFoundError(ServiceError):
    """There is no such thing, or it belongs to somebody else: the answer is the same."""

    status = 404
    code = "not_found"
    title = "There is no such thing."


class RequestTimeoutError(ServiceError):
    """The request came too slowly."""

    status = 408
    code = "too_slow"
    title = "The request took too long to arrive."


class ConflictError(ServiceError):
    """The state of the object forbids it."""

    status = 409
    code = "conflict"
    title = "The present state forbids this."


class GoneError(ServiceError):
    """It was there once and will not come back."""

    status = 410
    code = "gone"
    title = "It is gone."


class TooLargeError(ServiceError):
    """The body is over its limit."""

    status = 413
    code = "too_large"
    title = "The request is too large."


class UnsupportedError(ServiceError):
    """The body's type or encoding is not one we read."""

    status = 415
    code = "unsupported_type"
    title = "This kind of body is not accepted."


class InvalidError(ServiceError):
    """The request was read and a value in it is not acceptable."""

    status = 422
    code = "invalid"
    title = "A value is not acceptable."


class RateLimitedError(ServiceError):
    """Too many requests."""

    status = 429
    code = "rate_limited"
    title = "Too many requests."


class UnavailableError(ServiceError):
    """A part the service needs is away for the moment."""

    status = 503
    code = "unavailable"
    title = "The service is not available for the moment."
    default_headers: Mapping[str, str] = MappingProxyType({"Retry-After": "10"})


class StorageFullError(ServiceError):
    """There is no room for it."""

    status = 507
    code = "storage_full"
    title = "There is no room left."
    # Room comes back when somebody makes it, which takes longer than a network does.
    default_headers: Mapping[str, str] = MappingProxyType({"Retry-After": "60"})
