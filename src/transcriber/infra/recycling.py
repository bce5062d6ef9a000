"""When a worker process ends itself to be started afresh: it grew, or hears nobody any more."""

import os
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass

import psutil
import structlog

from transcriber.infra.vitals import Vitals

LOOK_SECONDS = 5.0
MEBIBYTE = 1024**2
GROWTH_FACTOR = 3
"""Automatic memory bound: this many times what the process held right after loading its model.
Generous on purpose: work takes a multiple of the loaded model too, and is no leak."""

_log = structlog.stdlib.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecycleBounds:
    """What a worker puts up with.

    Attributes:
        memory_mb: Resident memory in MiB; 0 is `GROWTH_FACTOR` times that of the loaded model.
        database_seconds: How long its heartbeat may fail.  A fresh process opens fresh
            connections; where the database itself is gone, this is how often it tries.
        deaf_seconds: How long work may wait, beside a broker that answers, with no token coming.
    """

    memory_mb: int = 0
    database_seconds: float = 120.0
    deaf_seconds: float = 30.0


class RecycleWatch:
    """Looks at the vitals again and again, and ends the process between two slices.

    Args:
        vitals: The process's notes.
        bounds: What it puts up with.
        ping: Whether the broker answers on a fresh connection.
        read_memory: Resident bytes of this process.
    """

    def __init__(
        self,
        vitals: Vitals,
        bounds: RecycleBounds,
        ping: Callable[[], bool],
        read_memory: Callable[[], int] = lambda: psutil.Process().memory_info().rss,
    ) -> None:
        self._vitals = vitals
        self._bounds = bounds
        self._ping = ping
        self._read_memory = read_memory

    def look(self) -> None:
        """One round: ask to be recycled where a bound is passed."""
        reason = self._find_reason()
        if reason is not None and self._vitals.request_recycling(reason):
            _log.warning("recycling", reason=reason)
            # A busy process leaves when its slice is done; `run_token` asks the vitals.
            if not self._vitals.is_busy:
                leave()

    def _find_reason(self) -> str | None:
        now = time.monotonic()
        vitals = self._vitals
        if self._has_grown():
            return "memory"
        if now - vitals.beat_at > self._bounds.database_seconds:
            return "database_silent"
        since = vitals.starved_since
        if since is None or now - max(since, vitals.token_at) <= self._bounds.deaf_seconds:
            return None
        if self._ping():
            return "deaf"
        # The broker is away: once it is back, the consumer gets its chance to find it.
        vitals.starved_since = None
        return None

    def _has_grown(self) -> bool:
        # Before its first model nothing can have grown; a bound that is too small for the model
        # costs a start for each slice, and never a loop without work.
        if self._vitals.loaded_bytes is None:
            return False
        bound = self._bounds.memory_mb * MEBIBYTE or self._vitals.loaded_bytes * GROWTH_FACTOR
        return self._read_memory() > bound


def leave() -> None:
    """Stop as if asked by SIGTERM: one way to end is tested more than two."""
    os.kill(os.getpid(), signal.SIGTERM)
