"""HTTP/1.1 connections that do not wait for ever for a request's head."""

import asyncio
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

HEAD_SECONDS = 30.0
READ_BYTES = 64 * 1024
_ANSWER = b"HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


class ImpatientProtocol(H11Protocol):
    """Closes a connection whose next head has begun, or was never begun, and does not end.

    Uvicorn itself only bounds the pause between requests; bodies are bounded by those who read
    them.
    """

    head_seconds = HEAD_SECONDS
    _head_timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        """Expect a first head."""
        # At most this much is taken from the socket at a time: it is copied a few times on its way,
        # and the default of 256 KiB would cost each of many uploads more than a mebibyte.
        transport.max_size = READ_BYTES
        super().connection_made(transport)
        self._head_timer = self.loop.call_later(self.head_seconds, self._give_up)

    def data_received(self, data: bytes) -> None:
        """Take bytes, and expect the rest of a head where one has begun."""
        super().data_received(data)
        is_in_head = self.conn.their_state is h11.IDLE and bool(self.conn.trailing_data[0])
        if not is_in_head:
            self._forget_timer()
        elif self._head_timer is None:
            self._head_timer = self.loop.call_later(self.head_seconds, self._give_up)

    def connection_lost(self, exc: Exception | None) -> None:
        """Expect nothing any more."""
        self._forget_timer()
        super().connection_lost(exc)

    def _forget_timer(self) -> None:
        timer, self._head_timer = self._head_timer, None
        if timer is not None:
            timer.cancel()

    def _give_up(self) -> None:
        self._head_timer = None
        if not self.transport.is_closing():
            self.transport.write(_ANSWER)
            self.transport.close()
