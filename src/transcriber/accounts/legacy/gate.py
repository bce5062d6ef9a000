"""In front of everything: whose word on `X-User-ID` counts.

Nobody proves anything by that header, so it counts only from where the operator says that only
their own programs can send it.  From everywhere else it is taken away before anyone reads it.
"""

from ipaddress import ip_address, ip_network
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from transcriber.infra.peers import is_loopback, speaks_for_this_machine
from transcriber.infra.settings import Settings

HEADER = "X-User-ID"
_NAME = HEADER.lower().encode()


class LegacyHeaderGate:
    """Pure ASGI, outside of whatever replaces the peer by the client that a proxy names.

    Args:
        app: What answers.
        settings: The switch, and the proxies that are trusted.
    """

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app = app
        self._is_enabled = settings.legacy_user_header_enabled
        self._proxies = tuple(ip_network(each) for each in settings.trusted_proxies)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, with the header where it counts."""
        if scope["type"] in {"http", "websocket"} and not self._counts(scope):
            kept = [(name, value) for name, value in scope["headers"] if name.lower() != _NAME]
            scope["headers"] = kept
        await self._app(scope, receive, send)

    def _counts(self, scope: Scope) -> bool:
        if not self._is_enabled:
            return False
        peer = scope["client"][0] if scope["client"] else None
        if self._proxies:
            return self._is_proxy(peer)
        headers = Headers(scope=scope)
        return speaks_for_this_machine(peer, headers) and _names_this_machine(headers)

    def _is_proxy(self, peer: str | None) -> bool:
        try:
            address = ip_address(peer or "")
        except ValueError:
            return False
        return any(address in proxy for proxy in self._proxies)


def _names_this_machine(headers: Headers) -> bool:
    """Whether the request was sent to a name of loopback.

    A page of anybody's may have its own name resolve to 127.0.0.1 and then send what headers it
    likes; the name it was sent to is what it cannot choose.
    """
    try:
        name = urlsplit(f"//{headers.get('host', '')}").hostname
    except ValueError:
        return False
    return name == "localhost" or is_loopback(name)
