"""A file as an answer, made while it is sent, that stops when nobody takes it any more."""

from collections.abc import Generator, Iterator, Mapping
from contextlib import suppress
from typing import Protocol

import structlog
from anyio import CancelScope, create_task_group, move_on_after
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from transcriber.infra.client_connection import find_connection
from transcriber.infra.disk_threads import DiskThreads

_log = structlog.stdlib.get_logger(__name__)


class ClientStalledError(Exception):
    """The client takes nothing any more."""


class DownloadSource(Protocol):
    """What is sent to one client.  `read` runs in threads, one call after the other."""

    def open(self) -> None:
        """Take a place, from the event loop.

        Raises:
            ServiceError: there is none.
        """
        ...

    def read(self) -> Iterator[bytes]:
        """Pieces of the file; a refusal before the first one becomes the answer.

        Raises:
            ServiceError: there is no file.
        """
        ...

    def cancel(self) -> None:
        """Nobody wants it any more: `read` must end soon; called from the event loop."""
        ...

    def close(self) -> None:
        """Give the place back; always called after `open`, when `read` has ended."""
        ...


class DownloadResponse(Response):
    """Sends a source until it is over, the client leaves, or the client stops taking.

    Args:
        source: What to send.
        threads: Where its pieces are made.
        headers: Content-Disposition among them.
        media_type: Of the file.
        stall_seconds: How long one piece may wait for the client.
    """

    def __init__(
        self,
        source: DownloadSource,
        threads: DiskThreads,
        *,
        headers: Mapping[str, str],
        media_type: str,
        stall_seconds: float,
    ) -> None:
        super().__init__(status_code=200, headers=headers, media_type=media_type)
        # Its length is what nobody knows.
        del self.headers["content-length"]
        self._source = source
        self._threads = threads
        self._stall_seconds = stall_seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer the request; a source without a place refuses before anything is sent."""
        self._source.open()
        pieces = self._source.read()
        try:
            await self._send_watched(pieces, receive, send)
        except ClientStalledError:
            # Half a file is out, and the client takes no more: only a cut connection ends that.
            _log.info("download_stalled")
            if (connection := find_connection(scope)) is not None:
                connection.abort()
        finally:
            self._source.cancel()
            _close(pieces)
            self._source.close()

    async def _send_watched(self, pieces: Iterator[bytes], receive: Receive, send: Send) -> None:
        failure: Exception | None = None
        async with create_task_group() as group:
            group.start_soon(self._watch, receive, group.cancel_scope)
            try:
                await self._write(pieces, send)
            except Exception as error:  # noqa: BLE001 -- raised below, where no group wraps it
                failure = error
            group.cancel_scope.cancel()
        if failure is not None:
            raise failure

    async def _watch(self, receive: Receive, scope: CancelScope) -> None:
        while (await receive())["type"] != "http.disconnect":
            """The body of the request, which has been read."""
        # First what a thread may be waiting for, since a thread cannot be cancelled.
        self._source.cancel()
        scope.cancel()

    async def _write(self, pieces: Iterator[bytes], send: Send) -> None:
        # The first one is waited for, so that a refusal can still be the answer.
        piece = await self._draw(pieces)
        await send(
            {"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers}
        )
        while piece is not None:
            with move_on_after(self._stall_seconds) as waiting:
                await send({"type": "http.response.body", "body": piece, "more_body": True})
            if waiting.cancelled_caught:
                raise ClientStalledError
            piece = await self._draw(pieces)
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _draw(self, pieces: Iterator[bytes]) -> bytes | None:
        return await self._threads.run(next, pieces, None)


def _close(pieces: Iterator[bytes]) -> None:
    # A generator in the middle of its work holds files open until it is closed.
    if not isinstance(pieces, Generator):
        return
    # While the server stops it waits for no thread: the one that is still in there is on its way
    # out, since the source was cancelled, and the generator goes with it.
    with suppress(ValueError):
        pieces.close()
