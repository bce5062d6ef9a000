"""Where webhooks may point: only at hosts that the operator named.

A message is sent from inside the operator's network, so an address that anyone could choose would
let every user knock on every door in there.
"""

import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from transcriber.infra.errors import ForbiddenError, InvalidError
from transcriber.webhooks.models import URL_LENGTH

DEFAULT_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Target:
    """An address taken apart; `path` has the query with it."""

    scheme: str
    host: str
    port: int
    path: str


def read_target(url: str) -> Target:
    """Take an address apart.

    Raises:
        InvalidError: `bad_webhook_url`, with what is wrong.
    """
    if len(url) > URL_LENGTH or not url.isascii() or not url.isprintable() or " " in url:
        raise _refuse(f"must be at most {URL_LENGTH} visible ASCII characters")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise _refuse("is not an address") from error
    if parts.scheme not in DEFAULT_PORTS or not parts.hostname:
        raise _refuse("must begin with http:// or https:// and name a host")
    if parts.username is not None or parts.password is not None:
        raise _refuse("must not hold a name or a password")
    if port == 0:
        raise _refuse("names port 0")
    return Target(
        parts.scheme, parts.hostname, port or DEFAULT_PORTS[parts.scheme], _join_path(parts)
    )


def check_allowed(target: Target, allowed: Sequence[str]) -> None:
    """Refuse hosts that `WEBHOOK_ALLOWED_HOSTS` does not name.

    Args:
        target: Where a message would go.
        allowed: Host names, `*.example.org` for every host under a name, addresses and networks.

    Raises:
        ForbiddenError: `webhooks_disabled` when nothing is named, else `webhook_host`.
    """
    if not allowed:
        raise ForbiddenError(
            "Webhooks are off: the operator names the hosts they may reach in "
            "WEBHOOK_ALLOWED_HOSTS.",
            code="webhooks_disabled",
        )
    if not any(_is_named(target.host, each.lower()) for each in allowed):
        raise ForbiddenError(
            f"Webhooks may not reach the host {target.host}; WEBHOOK_ALLOWED_HOSTS does not name "
            "it.",
            code="webhook_host",
        )


def _is_named(host: str, entry: str) -> bool:
    try:
        # An address is matched as an address, so its other spellings match nothing.
        return ipaddress.ip_address(host) in ipaddress.ip_network(entry, strict=False)
    except ValueError:
        if entry.startswith("*."):
            return host.endswith(entry[1:])
        return host == entry


def _join_path(parts: SplitResult) -> str:
    path = parts.path or "/"
    return f"{path}?{parts.query}" if parts.query else path


def _refuse(problem: str) -> InvalidError:
    return InvalidError(f"The webhook's url {problem}.", code="bad_webhook_url")
