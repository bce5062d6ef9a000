"""The connection under a request: a reader who takes nothing can only be got rid of there.

ASGI has no word for it.  A write to a socket whose peer does not read never returns, and closing
waits until the peer has read what was written before.
"""

import asyncio
import socket
from dataclasses import dataclass

from starlette.types import ASGIApp, Receive, Scope, Send

EXTENSION = "transcriber.connection"
BUFFER_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True)
class ClientConnection:
    """What may be done to a connection beside writing to it."""

    transport: asyncio.WriteTransport

    def bound(self, silence_seconds: float) -> None:
        """Keep little unsent, and give up on a peer that takes nothing for so long.

        Writers wait from the first byte on that the system does not take, so they notice a peer
        that does not read; one that is gone, or leaves only the system's own buffer unread, is
        noticed by the system.
        """
        self.transport.set_write_buffer_limits(high=0)
        found = self.transport.get_extra_info("socket")
        if found is None or found.family not in {socket.AF_INET, socket.AF_INET6}:
            return
        found.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, BUFFER_BYTES)
        if hasattr(socket, "TCP_USER_TIMEOUT"):
            milliseconds = int(silence_seconds * 1000)
            found.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, milliseconds)

    def abort(self) -> None:
        """Close at once and forget what was not sent."""
        self.transport.abort()


class ExposeConnection:
    """Pure ASGI, right under the server: puts the connection where a response finds it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Look where uvicorn keeps its transport, and pass on."""
        if scope["type"] == "http":
            transport = getattr(getattr(send, "__self__", None), "transport", None)
            if isinstance(transport, asyncio.WriteTransport):
                scope.setdefault("extensions", {})[EXTENSION] = ClientConnection(transport)
        await self._app(scope, receive, send)


def find_connection(scope: Scope) -> ClientConnection | None:
    """The connection of a request, where the server shows it."""
    found = scope.get("extensions", {}).get(EXTENSION)
    return found if isinstance(found, ClientConnection) else None
