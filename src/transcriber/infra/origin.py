"""Where the request at hand comes from, for whoever writes down what it did."""

from collections.abc import Generator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address

from starlette.types import Scope


@dataclass(frozen=True, slots=True)
class Origin:
    """The request; both are None where the service acts by itself.

    Attributes:
        address: The client's, as the trusted proxies tell it; None where it has none.
        request_id: As `X-Request-ID` says it.
        trace_parent: The request's place in a trace, as W3C's `traceparent` writes it; None where
            nothing is traced.
    """

    address: str | None = None
    request_id: str | None = None
    trace_parent: str | None = None


_NOWHERE = Origin()
_origin: ContextVar[Origin] = ContextVar("request_origin", default=_NOWHERE)


def read_origin() -> Origin:
    """That of the request this thread or task works for."""
    return _origin.get()


@contextmanager
def work_for(origin: Origin) -> Generator[None]:
    """Let all that is done meanwhile be done for this request."""
    token = _origin.set(origin)
    try:
        yield
    finally:
        _origin.reset(token)


def read_address(scope: Scope) -> str | None:
    """The client's address in its one short spelling; None where that is none."""
    client = scope.get("client")
    if not client:
        return None
    try:
        # A zone names an interface of this machine, and may be any text.
        address = ip_address(str(client[0]).partition("%")[0])
    except ValueError:
        return None
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    return str(address)
