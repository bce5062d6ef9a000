"""Answers of `text/event-stream`: the wire format, and a response that no reader can hold up."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing, suppress
from typing import Protocol

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from transcriber.infra.client_connection import find_connection

FAREWELL_SECONDS = 1.0
"""How long the last bytes of a stream that must end may take."""
HEARTBEAT = b": heartbeat\n\n"

_HEADERS = {
    # A proxy must neither keep nor gather nor pack what is meant to arrive at once.
    "Cache-Control": "no-store, no-transform",
    "X-Accel-Buffering": "no",
    # The connection's buffers are made small for the stream; nobody should inherit them.
    "Connection": "close",
}


def format_event(name: str, data: str, event_id: int | None = None) -> bytes:
    """One event on the wire.

    Args:
        name: Its kind, for listeners.
        data: JSON on one line.
        event_id: What the reader sends back as `Last-Event-ID`; None leaves the former one.
    """
    lead = "" if event_id is None else f"id: {event_id}\n"
    return f"{lead}event: {name}\ndata: {data}\n\n".encode()


def format_retry(seconds: float) -> bytes:
    """After how long a reader that was cut off should come back."""
    return f"retry: {int(seconds * 1000)}\n\n".encode()


class EventSource(Protocol):
    """What is streamed to one reader.

    Attributes:
        stall_seconds: How long one write may wait for the reader.
    """

    stall_seconds: float

    def open(self) -> None:
        """Take a place, from the event loop.

        Raises:
            ServiceError: there is none.
        """
        ...

    def run(self) -> AsyncGenerator[bytes]:
        """Pieces to send, heartbeats among them, until the stream is over."""
        ...

    async def wait_until_ended(self) -> None:
        """Return once the stream must end whatever it still has."""
        ...

    def note_stalled(self) -> None:
        """The reader took nothing and is dropped."""
        ...

    def close(self) -> None:
        """Give the place back; always called after `open`."""
        ...


class EventStreamResponse(Response):
    """Sends a source until it is over, the reader leaves, or the reader stops taking.

    Args:
        source: What to send.
    """

    media_type = "text/event-stream"

    def __init__(self, source: EventSource) -> None:
        super().__init__(status_code=200, headers=_HEADERS)
        # Its end is what nobody knows.
        del self.headers["content-length"]
        self._source = source

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer the request; a source without a place refuses before anything is sent."""
        self._source.open()
        try:
            await self._stream(scope, receive, send)
        finally:
            self._source.close()

    async def _stream(self, scope: Scope, receive: Receive, send: Send) -> None:
        connection = find_connection(scope)
        if connection is not None:
            # Our own clock is the shorter one, because only it can say in the log what happened.
            connection.bound(2 * self._source.stall_seconds)
        writing = asyncio.create_task(self._write(send))
        leaving = asyncio.create_task(_wait_for_disconnect(receive))
        ending = asyncio.create_task(self._source.wait_until_ended())
        tasks = {writing, leaving, ending}
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            if not leaving.done() and not writing.done():
                await asyncio.wait({writing}, timeout=FAREWELL_SECONDS)
            # The reader left, or all was sent; otherwise the socket is full and stays so.
            if leaving.done():
                return
            if writing.done() and not writing.exception():
                return
            if connection is not None:
                connection.abort()
                await asyncio.wait({leaving}, timeout=FAREWELL_SECONDS)
            if writing.done() and not isinstance(writing.exception(), TimeoutError):
                writing.result()
        finally:
            await _cancel(tasks)

    async def _write(self, send: Send) -> None:
        await send(
            {"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers}
        )
        async with aclosing(self._source.run()) as pieces:
            async for piece in pieces:
                try:
                    async with asyncio.timeout(self._source.stall_seconds):
                        await send({"type": "http.response.body", "body": piece, "more_body": True})
                except TimeoutError:
                    self._source.note_stalled()
                    raise
        await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _wait_for_disconnect(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        """The body of a request that has none."""


async def _cancel(tasks: set[asyncio.Task[None]]) -> None:
    for task in tasks:
        task.cancel()
    for task in tasks:
        # What went wrong in the writer was raised by now.
        with suppress(asyncio.CancelledError, Exception):
            await task
