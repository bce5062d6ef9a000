"""Who is at the other end of a connection."""

from collections.abc import Container
from ipaddress import ip_address

# What says that somebody else stands behind the connection.
FORWARDING_HEADERS = ("forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-real-ip")


def speaks_for_this_machine(host: str | None, headers: Container[str]) -> bool:
    """Whether the peer is on loopback and speaks for itself.

    A proxy on this machine that is not in TRUSTED_PROXIES is on loopback too, whoever stands
    behind it: what it forwards counts as coming from elsewhere.
    """
    return is_loopback(host) and not any(name in headers for name in FORWARDING_HEADERS)


def is_loopback(host: str | None) -> bool:
    """Whether the text is an address of loopback, in whatever spelling."""
    try:
        address = ip_address(host or "")
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None)
    return (mapped or address).is_loopback
