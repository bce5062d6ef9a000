"""Where a request comes from, as its sender should recognise it and as throttles count it."""

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

from starlette.requests import Request

from transcriber.accounts.models import MAX_ADDRESS_LENGTH, MAX_DEVICE_LENGTH
from transcriber.infra.log_safety import escape_text

UNKNOWN_ADDRESS = "unknown"
# One subscriber has at least this much of IPv6, and may use another address for each attempt.
SUBSCRIBER_PREFIX = 64


@dataclass(frozen=True, slots=True)
class Client:
    """Who is at the other end of the connection.

    Attributes:
        address: The client's, past trusted proxies.
        device: What the program calls itself, cut short, every character visible; or None.
    """

    address: str
    device: str | None


def read_client(request: Request) -> Client:
    """The client of this request, whatever its headers hold."""
    agent = request.headers.get("user-agent", "").strip()
    # Escaping lengthens, so what is kept is cut afterwards.
    device = escape_text(agent[:MAX_DEVICE_LENGTH])[:MAX_DEVICE_LENGTH]
    host = request.client.host if request.client else UNKNOWN_ADDRESS
    return Client(escape_text(host)[:MAX_ADDRESS_LENGTH], device or None)


def group_address(address: str) -> str:
    """The addresses that are one party to a throttle, by one name."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, IPv6Address):
        return _group_version_6(parsed)
    return str(parsed)


def _group_version_6(address: IPv6Address) -> str:
    mapped: IPv4Address | None = address.ipv4_mapped
    if mapped is not None:
        return str(mapped)
    return str(IPv6Network((int(address), SUBSCRIBER_PREFIX), strict=False))
