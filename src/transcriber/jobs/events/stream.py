"""One open stream: reads what it has to send when it is woken, and sends heartbeats meanwhile."""

import asyncio
import time
from collections import OrderedDict
from collections.abc import AsyncGenerator, Callable, Mapping
from typing import Protocol, TypeVar

import anyio
import anyio.to_thread
import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from transcriber.infra.database import Database
from transcriber.infra.event_stream import HEARTBEAT, format_event, format_retry
from transcriber.jobs.events.figures import Figures, read_snapshot
from transcriber.jobs.events.pages import read_page
from transcriber.jobs.events.schemas import StreamResetEvent
from transcriber.jobs.events.watch import Watch

RETRY_SECONDS = 3.0
OUTAGE_SECONDS = 2.0
"""Pause before a stream asks a database again that did not answer."""
JOBS_REMEMBERED = 1_000

Result = TypeVar("Result")
_log = structlog.stdlib.get_logger(__name__)


class Registry(Protocol):
    """What a stream needs of those that know all streams.

    Attributes:
        database: Where the log is.
        readers: Bounds how many threads read for streams at once.
        position: Up to where the log is settled; None while that is not known.
        heartbeat_seconds: Silence after which a heartbeat is sent.
        stall_seconds: How long one write may wait for the reader.
    """

    database: Database
    readers: anyio.CapacityLimiter
    heartbeat_seconds: float
    stall_seconds: float

    @property
    def position(self) -> int | None:
        """As above."""
        ...

    def admit(self, stream: "Stream") -> None:
        """Give it a place.

        Raises:
            ServiceError: there is none.
        """
        ...

    def release(self, stream: "Stream") -> None:
        """Take the place back."""
        ...


class Stream:
    """What one reader is sent; `run` belongs to the event loop, the rest to any thread.

    Args:
        registry: The process's streams.
        watch: What may be shown.
        after: The newest event that the reader has; None for a reader that begins.
        is_reset: Whether the reader has to be told that its own place is not known here.
    """

    def __init__(
        self, registry: Registry, watch: Watch, *, after: int | None, is_reset: bool = False
    ) -> None:
        self.watch = watch
        self.stall_seconds = registry.stall_seconds
        self._registry = registry
        self._cursor = after
        self._is_reset = is_reset
        self._is_begun = False
        self._is_over = False
        self._has_events = False
        self._figures: dict[str, Figures] = {}
        self._told: OrderedDict[str, int] = OrderedDict()
        self._sent = 0
        self._reason = "reader_left"
        self._opened_at = time.monotonic()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._woken = asyncio.Event()
        self._ended = asyncio.Event()

    def open(self) -> None:
        """Take a place among the streams."""
        self._loop = asyncio.get_running_loop()
        self._registry.admit(self)

    def close(self) -> None:
        """Give the place back."""
        self._registry.release(self)
        _log.info(
            "stream_closed",
            reason=self._reason,
            user_id=self.watch.reader_id,
            job_id=self.watch.job_id,
            sent_bytes=self._sent,
            seconds=round(time.monotonic() - self._opened_at, 1),
        )

    def note_events(self) -> None:
        """There is something to read behind the cursor."""
        self._has_events = True
        self._wake(self._woken)

    def note_figures(self, figures: Figures) -> None:
        """A job's figures changed; only the newest of each job wait to be sent."""
        self._figures[figures.job_id] = figures
        self._wake(self._woken)

    def note_stalled(self) -> None:
        """The reader takes nothing."""
        self._reason = "reader_stalled"
        _log.warning(
            "stream_reader_dropped",
            user_id=self.watch.reader_id,
            job_id=self.watch.job_id,
            stall_seconds=self.stall_seconds,
        )

    def end(self, reason: str) -> None:
        """Have it end at once, whatever was not sent yet; the reader may come back."""
        self._reason = reason
        self._is_over = True
        self._wake(self._ended)
        self._wake(self._woken)

    async def wait_until_ended(self) -> None:
        """Return once `end` was called."""
        await self._ended.wait()

    async def run(self) -> AsyncGenerator[bytes]:
        """What to send, until the stream is over."""
        yield self._count(format_retry(RETRY_SECONDS))
        while not self._is_over:
            self._woken.clear()
            piece = await self._advance()
            if piece:
                yield self._count(piece)
            elif not self._is_over and not await self._sleep(self._registry.heartbeat_seconds):
                yield self._count(HEARTBEAT)

    def _count(self, piece: bytes) -> bytes:
        self._sent += len(piece)
        return piece

    async def _advance(self) -> bytes:
        position = self._registry.position
        if position is None:
            return b""
        try:
            if not self._is_begun:
                return await self._begin(position)
            return await self._read_events() or self._take_figures()
        except SQLAlchemyError as error:
            _log.warning("stream_waits_for_database", error=str(error))
            await asyncio.sleep(OUTAGE_SECONDS)
            self._woken.set()
            return b""

    async def _begin(self, position: int) -> bytes:
        """The snapshot; a reader that resumes keeps its place until it has what it missed."""
        snapshot = await self._read(lambda session: read_snapshot(session, self.watch))
        is_fresh = self._cursor is None
        lead = b""
        if self._is_reset:
            reset = StreamResetEvent(type="reset")
            lead = format_event(reset.type, reset.model_dump_json(), position)
        if self._cursor is None:
            self._cursor = position
        self._is_begun = self._has_events = True
        self._woken.set()
        data = snapshot.model_dump_json()
        return lead + format_event(snapshot.type, data, position if is_fresh else None)

    async def _read_events(self) -> bytes:
        if not self._has_events or self._cursor is None:
            return b""
        # In this order: what is settled after the read of the position sets the mark again.
        self._has_events = False
        after, through = self._cursor, self._registry.position
        if through is None:
            return b""
        through = max(after, through)
        try:
            page = await self._read(
                lambda session: read_page(session, self.watch, after=after, through=through)
            )
        except SQLAlchemyError:
            self._has_events = True
            raise
        self._cursor = page.cursor
        self._remember(page.told)
        if page.has_more:
            self._has_events = True
        if page.is_last:
            self._is_over, self._reason = True, "job_ended"
        return b"".join(page.pieces)

    def _take_figures(self) -> bytes:
        waiting, self._figures = self._figures, {}
        pieces = [
            format_event("progress", each.data)
            for each in waiting.values()
            # Figures read before an event that was sent meanwhile would turn the clock back.
            if each.event_id >= self._told.get(each.job_id, 0)
        ]
        return b"".join(pieces)

    def _remember(self, told: Mapping[str, int]) -> None:
        for job_id, event_id in told.items():
            self._told[job_id] = event_id
            self._told.move_to_end(job_id)
        while len(self._told) > JOBS_REMEMBERED:
            self._told.popitem(last=False)

    async def _read(self, query: Callable[[Session], Result]) -> Result:
        def read() -> Result:
            with self._registry.database.snapshot() as session:
                return query(session)

        # A database that hangs must not keep a stream whose reader has left.
        return await anyio.to_thread.run_sync(
            read, limiter=self._registry.readers, abandon_on_cancel=True
        )

    async def _sleep(self, seconds: float) -> bool:
        try:
            async with asyncio.timeout(seconds):
                await self._woken.wait()
        except TimeoutError:
            return False
        return True

    def _wake(self, event: asyncio.Event) -> None:
        loop = self._loop
        if loop is None or loop.is_closed():
            return
        loop.call_soon_threadsafe(event.set)
