"""Keeping a lease alive from a thread, and telling the work when it must stop."""

import threading
import time
from collections.abc import Callable
from datetime import timedelta
from types import TracebackType
from typing import Self

import structlog
from sqlalchemy import CursorResult, select, update
from sqlalchemy.exc import SQLAlchemyError

from transcriber.infra.clock import read_database_time
from transcriber.infra.context import Context
from transcriber.jobs.claims import Claim, LeaseLostError
from transcriber.jobs.models import Job, SpanRow
from transcriber.jobs.states import SpanState

CANCEL_POLL_SECONDS = 1.0
PROGRESS_SECONDS = 1.0
"""Progress that people watch is written this often; the lease alone would need fewer writes."""

_log = structlog.stdlib.get_logger(__name__)


class CancelRequestedError(Exception):
    """The owner asked to cancel the job."""


class DrainRequestedError(Exception):
    """The process was asked to stop."""


class Heartbeat:
    """Extends a claim's lease while the work makes progress.

    A thread that beats on while the work hangs would hide the hang for ever, so it stops when
    `check` was not called within the progress deadline, and the reconciler takes the work away.

    Args:
        context: The process's parts.
        claim: What to keep.
        on_stall: Called once when the deadline passed, to end the hanging process.
    """

    def __init__(
        self, context: Context, claim: Claim, on_stall: Callable[[], None] | None = None
    ) -> None:
        self._context = context
        self._claim = claim
        self._on_stall = on_stall
        self._stop = threading.Event()
        self._lost = threading.Event()
        self._progress_at = self._polled_at = time.monotonic()
        self._done_seconds = 0.0
        self._thread = threading.Thread(target=self._run, name="lease-heartbeat", daemon=True)

    def __enter__(self) -> Self:
        """Begin to beat."""
        self._thread.start()
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        """Stop before the work's result is written, so nothing extends a lease given back."""
        self._stop.set()
        self._thread.join(timeout=self._context.settings.lease_seconds)

    def check(self, done_seconds: float = 0.0) -> None:
        """Note progress; called by the work between two steps.

        Args:
            done_seconds: Audio of this span that is done.

        Raises:
            LeaseLostError: somebody else has the work.
            CancelRequestedError: the owner asked for it.
            DrainRequestedError: the process must stop.
        """
        self._progress_at = time.monotonic()
        self._done_seconds = done_seconds
        if self._lost.is_set():
            raise LeaseLostError(f"The lease on job {self._claim.job_id} was lost.")
        if self._context.draining.is_set():
            raise DrainRequestedError
        if self._progress_at - self._polled_at >= CANCEL_POLL_SECONDS:
            self._polled_at = self._progress_at
            if self._is_cancel_requested():
                raise CancelRequestedError

    def _run(self) -> None:
        settings = self._context.settings
        written, beat_at = 0.0, time.monotonic() + settings.heartbeat_seconds
        while not self._stop.wait(min(PROGRESS_SECONDS, settings.heartbeat_seconds)):
            if time.monotonic() - self._progress_at > settings.progress_deadline_seconds:
                _log.error("work_stalled", job_id=self._claim.job_id, span=self._claim.index)
                if self._on_stall is not None:
                    self._on_stall()
                return
            done = self._done_seconds
            if done == written and time.monotonic() < beat_at:
                continue
            written, beat_at = done, time.monotonic() + settings.heartbeat_seconds
            try:
                is_kept = self._extend(done)
            except SQLAlchemyError as error:
                # The lease may outlast the outage; the fence decides at the next write.
                _log.warning("heartbeat_failed", job_id=self._claim.job_id, error=str(error))
                continue
            if not is_kept:
                self._lost.set()
                return

    def _extend(self, done_seconds: float) -> bool:
        claim = self._claim
        with self._context.database.unit_of_work() as uow:
            now = read_database_time(uow.session)
            until = now + timedelta(seconds=self._context.settings.lease_seconds)
            result = uow.session.execute(
                update(SpanRow)
                .where(
                    SpanRow.job_id == claim.job_id,
                    SpanRow.generation == claim.generation,
                    SpanRow.index == claim.index,
                    SpanRow.attempt == claim.attempt,
                    SpanRow.state == SpanState.RUNNING,
                )
                .values(lease_until=until, done_seconds=done_seconds)
            )
            assert isinstance(result, CursorResult)  # noqa: S101 -- narrows the type for rowcount
            return result.rowcount == 1

    def _is_cancel_requested(self) -> bool:
        query = select(Job.cancel_requested_at).where(Job.id == self._claim.job_id)
        try:
            with self._context.database.snapshot() as session:
                return session.scalar(query) is not None
        except SQLAlchemyError as error:
            # As for the lease: a short outage is no reason to throw the span's work away.
            _log.warning("cancel_poll_failed", job_id=self._claim.job_id, error=str(error))
            return False
