"""Reading the service's tables as they are, without the service's code."""

import sqlite3
from collections.abc import Generator, Iterable
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, create_engine, text
from sqlalchemy.exc import DBAPIError

from chaos.stack import Stack

SpanKey = tuple[str, int, int]
APPLICATION = "chaos"


@dataclass(frozen=True, slots=True)
class Span:
    """A span's row; times in seconds since the epoch."""

    key: SpanKey
    attempt: int
    state: str
    owner: str | None
    lease_until: float | None
    started_at: float | None
    deaths: int


@dataclass(frozen=True, slots=True)
class WaitingJob:
    """A queued job that a worker may take now."""

    job_id: str
    account: str


class Rows:
    """Short reads over connections of our own.

    Args:
        stack: Whose database it is.
    """

    def __init__(self, stack: Stack) -> None:
        is_sqlite = stack.database is None
        options = f"-c application_name={APPLICATION} -c statement_timeout=5000"
        self._engine = create_engine(
            stack.database_url,
            pool_pre_ping=True,
            connect_args={"timeout": 2}
            if is_sqlite
            else {"options": options, "connect_timeout": 2},
        )

    def close(self) -> None:
        """Let the connections go."""
        self._engine.dispose()

    @contextmanager
    def connect(self) -> Generator[Connection]:
        """One read-only look."""
        with self._engine.connect() as connection:
            yield connection

    def query(self, sql: str, **values: Any) -> list[Any]:
        """All rows of one query."""
        with self.connect() as connection:
            return list(connection.execute(text(sql), values).all())

    def list_spans(self) -> list[Span]:
        """Every span of every generation."""
        rows = self.query(
            'SELECT job_id, generation, "index", attempt, state, lease_owner, lease_until,'
            " started_at, deaths FROM spans"
        )
        return [
            Span((r[0], r[1], r[2]), r[3], r[4], r[5], to_epoch(r[6]), to_epoch(r[7]), r[8])
            for r in rows
        ]

    def list_running(self) -> list[Span]:
        """The spans that workers hold."""
        return [span for span in self.list_spans() if span.state == "running"]

    def find_worker_pids(self) -> dict[str, int]:
        """Process ids by worker id."""
        return {
            str(row[0]): int(row[1]) for row in self.query("SELECT id, pid FROM worker_heartbeats")
        }

    def find_last_heartbeat(self) -> float:
        """When any worker was last seen, seconds since the epoch; 0 when none ever was."""
        return to_epoch(self.query("SELECT max(seen_at) FROM worker_heartbeats")[0][0]) or 0.0

    def list_waiting(self) -> list[WaitingJob]:
        """Jobs in the queue that nothing holds back, oldest first."""
        rows = self.query(
            "SELECT id, user_id FROM jobs WHERE state = 'queued' AND not_before IS NULL"
            " AND cancel_requested_at IS NULL ORDER BY queued_at, id"
        )
        return [WaitingJob(str(row[0]), str(row[1])) for row in rows]

    def count_unfinished(self) -> int:
        """Jobs that are queued or run."""
        rows = self.query("SELECT count(*) FROM jobs WHERE state IN ('queued', 'running')")
        return int(rows[0][0])

    def count_done_spans(self) -> int:
        """Spans of any generation that are finished."""
        return int(self.query("SELECT count(*) FROM spans WHERE state = 'done'")[0][0])


def find_latest(spans: Iterable[Span]) -> list[Span]:
    """The span that each owner took last, which is the one it works on.

    An earlier one is still its own when the database went away in the middle: the worker went on to
    other work without a word, and only the lease's end gives that span back.
    """
    latest: dict[str | None, Span] = {}
    for span in spans:
        other = latest.get(span.owner)
        if other is None or (span.started_at or 0.0) > (other.started_at or 0.0):
            latest[span.owner] = span
    return list(latest.values())


def to_epoch(value: Any) -> float | None:
    """Seconds since the epoch of a time as the driver gives it."""
    if value is None:
        return None
    if isinstance(value, str):
        value = datetime.fromisoformat(value)
    if value.tzinfo is None:
        value = value.replace(tzinfo=UTC)
    return float(value.timestamp())


DATABASE_ERRORS = (DBAPIError, sqlite3.Error, OSError)
"""What a look at a database that is being hurt may meet."""
