"""Reading a request's body as it comes: in batches, off the event loop, and not for ever."""

import asyncio
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass

from starlette.requests import ClientDisconnect, Request

from transcriber.infra.errors import RequestTimeoutError
from transcriber.infra.settings import Settings

BATCH_BYTES = 128 * 1024
"""Small pieces are gathered to this size: one trip to a thread for each piece would be slow.

Every upload under way holds up to two of them: at 256 KiB 32 uploads took 6 MB more.
"""
LINGER_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Pace:
    """The least a body must bring: so many bytes within each span of so many seconds."""

    seconds: float
    size_bytes: int

    @classmethod
    def of(cls, settings: Settings) -> "Pace":
        """The operator's choice."""
        return cls(settings.upload_stall_seconds, settings.upload_stall_bytes)


class BodyReader:
    """The body of one request, read once.

    Args:
        request: Whose body it is.
        pace: What it must bring.
    """

    def __init__(self, request: Request, pace: Pace) -> None:
        self._stream = request.stream()
        self._pace = pace
        self._is_over = False

    async def read_batches(self) -> AsyncIterator[bytearray]:
        """The body in batches of about `BATCH_BYTES`; the last may be shorter.

        Raises:
            RequestTimeoutError: the body came more slowly than the pace.
            starlette.requests.ClientDisconnect: the client is gone.
        """
        pace, batch = self._pace, bytearray()
        deadline, counted = time.monotonic() + pace.seconds, 0
        try:
            while (piece := await self._read_piece(deadline)) is not None:
                batch += piece
                counted += len(piece)
                if len(batch) >= BATCH_BYTES:
                    before = time.monotonic()
                    yield batch
                    batch = bytearray()
                    # The time that we took to store it is not the client's.
                    deadline += time.monotonic() - before
                if counted >= pace.size_bytes:
                    deadline, counted = time.monotonic() + pace.seconds, 0
        except (ClientDisconnect, RequestTimeoutError):
            # Whoever keeps what comes before the break gets all of it.
            if batch:
                yield batch
            raise
        if batch:
            yield batch

    async def linger(self) -> None:
        """Read on for a moment before refusing: closing with unread bytes would lose the answer."""
        deadline = time.monotonic() + LINGER_SECONDS
        try:
            while not self._is_over:
                await self._read_piece(deadline)
        except (RequestTimeoutError, ClientDisconnect):
            return

    async def _read_piece(self, deadline: float) -> bytes | None:
        try:
            async with asyncio.timeout(deadline - time.monotonic()):
                return await anext(self._stream)
        except StopAsyncIteration:
            self._is_over = True
            return None
        except TimeoutError:
            self._is_over = True
            raise _build_timeout(self._pace) from None


def _build_timeout(pace: Pace) -> RequestTimeoutError:
    return RequestTimeoutError(
        f"The body must bring {pace.size_bytes} bytes in every {pace.seconds:g} seconds.",
        headers={"Connection": "close"},
    )
