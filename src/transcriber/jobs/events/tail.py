"""Following `job_events` in the order of its ids, without ever passing one that may still appear.

SQLite has one writer, so ids are committed in their order.  On PostgreSQL a transaction that took
a lower id may commit later.  An id that is missing is passed only once every transaction that was
writing to the table when the gap was seen has ended: from then on it cannot appear any more.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass

import structlog
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from transcriber.infra.database import Database
from transcriber.infra.ownership import for_everybody
from transcriber.jobs.events.watch import Happening
from transcriber.jobs.models import JobEvent

BATCH = 500
GAP_PATIENCE_SECONDS = 60.0
"""A transaction that lives longer is stuck; what it may still commit is then passed over."""
READS_AT_ONCE = 3

# Whoever inserts takes this lock before the id, and keeps it until the commit is visible.
_WRITERS = text(
    "SELECT DISTINCT virtualtransaction FROM pg_locks WHERE locktype = 'relation'"
    " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
    " AND relation = 'job_events'::regclass AND mode = 'RowExclusiveLock' AND granted"
)

_log = structlog.stdlib.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Fence:
    """Up to `through` nothing appears any more once these transactions have ended."""

    through: int
    writers: frozenset[str]
    deadline: float


class EventTail:
    """A place in the log that only moves forward.

    Attributes:
        position: Every event up to here is known or will never be; None before the log's end was
            found.

    Args:
        database: Where the log is.
        patience_seconds: How long a gap may hold up what is behind it.
    """

    def __init__(
        self, database: Database, *, patience_seconds: float = GAP_PATIENCE_SECONDS
    ) -> None:
        self.position: int | None = None
        self._database = database
        self._patience_seconds = patience_seconds
        self._fence: Fence | None = None

    @property
    def is_waiting(self) -> bool:
        """Whether a transaction of somebody else's has to end first; none may say when it does."""
        return self._fence is not None

    def advance(self) -> Sequence[Happening]:
        """What is new since the last call, in order; the first call finds the log's end.

        Raises:
            sqlalchemy.exc.OperationalError: when the database is away; the place stays.
        """
        if self.position is None:
            self._find_end()
            return ()
        news: list[Happening] = []
        for _ in range(READS_AT_ONCE):
            settled = self._read_settled()
            rows = self._read(self.position)
            passed = self._pass(rows, settled)
            news += passed
            if len(passed) == len(rows):
                break
            if self._fence is None:
                self._fence = self._raise_fence(rows[-1].id)
            if self._fence.writers:
                break
        return news

    @for_everybody
    def _find_end(self) -> None:
        if self._fence is None:
            with self._database.snapshot() as session:
                newest = session.scalar(select(func.max(JobEvent.id))) or 0
            self._fence = self._raise_fence(newest)
        settled = self._read_settled()
        if settled is not None:
            self.position, self._fence = settled, None

    def _pass(self, rows: Sequence[Happening], settled: int | None) -> list[Happening]:
        assert self.position is not None  # noqa: S101 -- the end was found first
        passed: list[Happening] = []
        for row in rows:
            is_next = self._database.is_sqlite or row.id == self.position + 1
            if not is_next and (settled is None or row.id > settled):
                return passed
            passed.append(row)
            self.position = row.id
        if settled is not None and len(rows) < BATCH:
            self.position = max(self.position, settled)
        if settled is not None and self.position >= settled:
            self._fence = None
        return passed

    @for_everybody
    def _read(self, after: int) -> Sequence[Happening]:
        query = select(JobEvent.id, JobEvent.user_id, JobEvent.job_id).where(JobEvent.id > after)
        with self._database.snapshot() as session:
            rows = session.execute(query.order_by(JobEvent.id).limit(BATCH)).all()
        return [Happening(*row) for row in rows]

    def _raise_fence(self, through: int) -> Fence:
        deadline = time.monotonic() + self._patience_seconds
        return Fence(through, self._list_writers(), deadline)

    def _read_settled(self) -> int | None:
        """Up to where the fence has come down; reads of rows must begin after this one."""
        fence = self._fence
        if fence is None:
            return None
        if fence.writers and not fence.writers.isdisjoint(self._list_writers()):
            if time.monotonic() < fence.deadline:
                return None
            _log.warning("event_gap_passed", behind=self.position, through=fence.through)
        return fence.through

    def _list_writers(self) -> frozenset[str]:
        if self._database.is_sqlite:
            return frozenset()
        with self._database.snapshot() as session:
            return frozenset(_read_writers(session))


def _read_writers(session: Session) -> Sequence[str]:
    return session.scalars(_WRITERS).all()
