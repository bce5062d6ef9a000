"""Keeping a lease alive from a thread, and ending work that must stop and does not."""

import threading
import time
from collections.abc import Callable
from contextvars import copy_context
from enum import Enum
from types import TracebackType
from typing import Self

import structlog
from sqlalchemy.exc import SQLAlchemyError

from transcriber.infra.context import Context
from transcriber.infra.exit_status import ExitStatus
from transcriber.jobs.claims import Claim, LeaseLostError
from transcriber.jobs.lease import Standing, extend_lease, finish_for_worker, read_standing

POLL_SECONDS = 1.0
"""How often the thread asks how the claim stands; progress that people watch is written with it."""
STOP_SECONDS = 5.0
"""How long the work may go on after it was cancelled, or lost."""
LEAST_STOP_SECONDS = 1.0
"""The same where the wish was learned late: the work needs a moment to hear of it."""
DRAIN_STOP_SECONDS = 23.0
"""How long the work may go on after the process was asked to stop; the exit takes 30 s at most."""

_log = structlog.stdlib.get_logger(__name__)


class CancelRequestedError(Exception):
    """The owner asked to cancel the job."""


class DrainRequestedError(Exception):
    """The process was asked to stop."""


class Order(Enum):
    """Why the work must stop."""

    LOST = "lost"
    CANCEL = "cancel"
    DRAIN = "drain"


class Heartbeat:
    """Extends a claim's lease while the work makes progress, and sees that it stops when told.

    A thread that beats on while the work hangs would hide the hang for ever, so it ends the process
    when `check` was not called within the progress deadline, and the reconciler takes the work
    away.  Work that was told to stop and does not hear it is finished by the thread in its place:
    the outcome is written under the fence, and the process ends.  It holds nothing but this claim.

    Args:
        context: The process's parts.
        claim: What to keep.
        end_process: Ends the process and what it started, with an exit status.
    """

    def __init__(
        self,
        context: Context,
        claim: Claim,
        end_process: Callable[[ExitStatus], None] | None = None,
    ) -> None:
        self._context = context
        self._claim = claim
        self._end_process = end_process
        self._stop = threading.Event()
        self._orders: dict[Order, float] = {}
        self._progress_at = time.monotonic()
        self._done_seconds = 0.0
        # What the thread logs is about the same work.
        self._thread = threading.Thread(
            target=copy_context().run, args=(self._run,), name="lease-heartbeat", daemon=True
        )

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
        """Note progress; called by the work between two steps, and waits for nothing.

        Args:
            done_seconds: Audio of this span that is done.

        Raises:
            LeaseLostError: somebody else has the work.
            CancelRequestedError: the owner asked for it.
            DrainRequestedError: the process must stop.
        """
        self._progress_at = time.monotonic()
        self._done_seconds = done_seconds
        if Order.LOST in self._orders:
            raise LeaseLostError(f"The lease on job {self._claim.job_id} was lost.")
        if Order.CANCEL in self._orders:
            raise CancelRequestedError
        if self._context.draining.is_set():
            raise DrainRequestedError

    def _run(self) -> None:
        settings = self._context.settings
        written, beat_at = 0.0, time.monotonic() + settings.heartbeat_seconds
        while not self._stop.wait(self._compute_pause()):
            now = time.monotonic()
            if now - self._progress_at > settings.progress_deadline_seconds:
                _log.error("work_stalled", job_id=self._claim.job_id, span=self._claim.index)
                self._end(ExitStatus.HUNG)
                return
            if self._orders and now >= min(self._orders.values()):
                self._finish_in_its_place()
                return
            if self._context.draining.is_set():
                self._orders.setdefault(Order.DRAIN, now + DRAIN_STOP_SECONDS)
            done = self._done_seconds
            is_due = done != written or now >= beat_at
            if self._look(done, is_due=is_due) and is_due:
                written, beat_at = done, time.monotonic() + settings.heartbeat_seconds

    def _compute_pause(self) -> float:
        pause = min(POLL_SECONDS, self._context.settings.heartbeat_seconds)
        if not self._orders:
            return pause
        return max(0.0, min(pause, min(self._orders.values()) - time.monotonic()))

    def _look(self, done_seconds: float, *, is_due: bool) -> bool:
        """Ask how the claim stands, and extend it where that is due; tells whether it worked."""
        lease = self._context.settings.lease_seconds
        try:
            if is_due:
                with self._context.database.unit_of_work() as uow:
                    standing = extend_lease(uow.session, self._claim, lease, done_seconds)
            else:
                with self._context.database.snapshot() as session:
                    standing = read_standing(session, self._claim)
        except SQLAlchemyError as error:
            # The lease may outlast the outage; the fence decides at the next write.
            _log.warning("heartbeat_failed", job_id=self._claim.job_id, error=str(error))
            return False
        self._note_orders(standing)
        return True

    def _note_orders(self, standing: Standing) -> None:
        now = time.monotonic()
        if not standing.is_held:
            self._orders.setdefault(Order.LOST, now + STOP_SECONDS)
        elif standing.cancelled_seconds is not None:
            left = max(LEAST_STOP_SECONDS, STOP_SECONDS - standing.cancelled_seconds)
            self._orders.setdefault(Order.CANCEL, now + left)

    def _finish_in_its_place(self) -> None:
        """Write what the work would have written, then end it together with the process."""
        is_cancelled = Order.CANCEL in self._orders
        status = ExitStatus.ABANDONED
        if Order.LOST not in self._orders:
            status = ExitStatus.ABANDONED if is_cancelled else ExitStatus.DRAIN_EXCEEDED
            try:
                finish_for_worker(self._context, self._claim, is_cancelled=is_cancelled)
            except LeaseLostError as error:
                _log.warning("lease_lost", job_id=self._claim.job_id, reason=str(error))
            except SQLAlchemyError as error:
                # The lease runs out, and the reconciler does the same.
                _log.warning("outcome_not_written", job_id=self._claim.job_id, error=str(error))
        # The work may have ended meanwhile and waits for this thread: then the fence stops it.
        if not self._stop.is_set():
            names = sorted(order.value for order in self._orders)
            _log.warning("work_ended", job_id=self._claim.job_id, orders=names)
            self._end(status)

    def _end(self, status: ExitStatus) -> None:
        if self._end_process is not None:
            self._end_process(status)
