"""What the statistics of jobs are made of, read from the database as it is at one moment."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from sqlalchemy import text
from sqlalchemy.orm import Session

from transcriber.admin.statistics import ended as ends
from transcriber.admin.statistics import queue as queues
from transcriber.admin.statistics.disagreements import TAKING_GRACE, Views
from transcriber.admin.statistics.ended import Ended
from transcriber.admin.statistics.marks import Spreads
from transcriber.admin.statistics.period import Period
from transcriber.infra.clock import read_database_time
from transcriber.infra.context import Context
from transcriber.infra.side_reading import open_side_reading
from transcriber.jobs.idle_workers import WORKER_SILENCE
from transcriber.jobs.repository import count_jobs_by_state

WORK_MEMORY = "32MB"
"""What one hash table of a statement may take: the groups of some ten thousand accounts."""


@dataclass(frozen=True, slots=True)
class Reading:
    """All of one moment.

    Attributes:
        views: The queue, and what it is compared with.
        ended: The jobs that ended in the period.
        submitted: How many came in each of its steps.
        names: Of the accounts that `ended` lists, where there still are such.
        states: How many jobs there are in each state; states without any are missing.
        spreads: How long the jobs completed in the period took.
    """

    views: Views
    ended: Ended
    submitted: Mapping[int, int]
    names: Mapping[str, str]
    states: Mapping[str, int]
    spreads: Spreads


def read_jobs(context: Context, period: Period) -> Reading:
    """Read it in two sessions side by side, which show the same.

    Raises:
        sqlalchemy.exc.OperationalError: when the database is away.
    """
    with open_side_reading(context.database) as side:
        with context.database.snapshot() as session:
            _provide_for_many(session)
            # First, because it tells the time that the snapshot is of.
            now = read_database_time(session)
            # About half of the work for a month.
            aside = side.begin(session, partial(_read_aside, period=period))
            views = _view(context, session, now)
            ended = ends.count_ended(session, period)
            submitted = ends.count_submitted(session, period)
            names = ends.name_accounts(session, list(ended.owners))
        # Behind the snapshot, whose connection may not be idle for long in a transaction.
        states, spreads = aside.result()
    return Reading(views, ended, submitted, names, states, spreads)


def _read_aside(session: Session, period: Period) -> tuple[dict[str, int], Spreads]:
    from transcriber.admin.statistics.spreads import (  # noqa: PLC0415 -- it loads NumPy
        measure_spreads,
    )

    _provide_for_many(session)
    return count_jobs_by_state(session), measure_spreads(session, period)


def _provide_for_many(session: Session) -> None:
    """Let PostgreSQL group a month of a large service in memory, until the snapshot ends."""
    if session.get_bind().dialect.name != "postgresql":
        return
    # By default it has 4 MB for that, and goes to the disk beyond.
    session.execute(text(f"SET LOCAL work_mem = '{WORK_MEMORY}'"))
    # Compiling a statement takes longer than it does, even where a year is asked for.
    session.execute(text("SET LOCAL jit = off"))


def _view(context: Context, session: Session, now: datetime) -> Views:
    return Views(
        now=now,
        round_seconds=context.settings.reconcile_seconds,
        queue=queues.view_queue(session),
        holdings=queues.list_holdings(session),
        workers=queues.list_live_workers(session, now, WORKER_SILENCE),
        jobs_without_span=queues.find_jobs_without_span(session),
        idle_jobs_with_span=queues.find_idle_jobs_with_span(session),
        untaken_jobs=queues.find_untaken_jobs(session, now - TAKING_GRACE, now),
    )
