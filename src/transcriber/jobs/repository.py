"""The SQL of what people may see and do: every query names whose jobs it is about."""

from collections.abc import Sequence
from typing import TypeVarTuple

from sqlalchemy import Select, func, literal, select, union_all
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from transcriber.infra.ownership import EveryOwner, Scope, for_everybody
from transcriber.jobs.filters import JobFilter
from transcriber.jobs.models import AccountTurn, Job
from transcriber.jobs.sorting import JobOrder
from transcriber.jobs.states import TERMINAL, JobState
from transcriber.recordings.models import Recording

Columns = TypeVarTuple("Columns")


def find_job(session: Session, scope: Scope, job_id: str, *, lock: bool = False) -> Job | None:
    """The job if it is within the scope, under its row lock where it is about to change."""
    query = _within(select(Job).where(Job.id == job_id), scope)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    return session.scalar(query)


def list_jobs(
    session: Session, scope: Scope, wanted: JobFilter, order: JobOrder, *, limit: int
) -> Sequence[Job]:
    """Those of the scope's jobs that are wanted, from the place of the order on."""
    query = _within(select(Job), scope).where(*wanted.list_clauses(scope))
    return session.scalars(order.apply(query).limit(limit)).all()


def count_jobs(session: Session, scope: Scope, wanted: JobFilter) -> int:
    """How many of the scope's jobs are wanted."""
    query = _within(select(func.count()).select_from(Job), scope)
    return session.scalar(query.where(*wanted.list_clauses(scope))) or 0


@for_everybody
def count_jobs_by_state(session: Session) -> dict[str, int]:
    """How many jobs of all owners are in each state; states without any are missing."""
    # Each by itself: to group them, PostgreSQL would compare every job's state with the one before.
    counts = [select(literal(state), func.count()).where(Job.state == state) for state in JobState]
    return {state: count for state, count in session.execute(union_all(*counts)) if count}


def count_users(session: Session, recording: Recording, *, only_active: bool) -> int:
    """How many jobs use a recording; with `only_active`, those that have not ended.

    The caller holds the recording's lock, so that the answer stays true.
    """
    query = select(func.count()).select_from(Job).where(Job.recording_id == recording.id)
    if only_active:
        query = query.where(Job.state.not_in(TERMINAL))
    return session.scalar(query) or 0


def ensure_turn(session: Session, user_id: str) -> None:
    """The owner's place among the owners, made at the first submission."""
    # An insert, even one that gives way, waits for a worker that is claiming for this owner.
    if session.scalar(select(AccountTurn.user_id).where(AccountTurn.user_id == user_id)):
        return
    # Two first submissions may come at once; the second finds the row and is content.
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    insert = sqlite_insert if is_sqlite else postgresql_insert
    session.execute(insert(AccountTurn).values(user_id=user_id).on_conflict_do_nothing())


def _within(query: Select[*Columns], scope: Scope) -> Select[*Columns]:
    return query if isinstance(scope, EveryOwner) else query.where(Job.user_id == scope)
