"""The SQL of what people may see and do: every query names whose jobs it is about."""

from collections.abc import Sequence
from datetime import datetime
from typing import TypeVarTuple

from sqlalchemy import Select, func, select, tuple_
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from transcriber.infra.ownership import EveryOwner, Scope, for_everybody
from transcriber.jobs.models import AccountTurn, Job
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
    session: Session,
    scope: Scope,
    *,
    states: Sequence[JobState],
    after: tuple[datetime, str] | None,
    limit: int,
    recording_id: str | None = None,
) -> Sequence[Job]:
    """The jobs of the scope, newest first, from behind `after` (created_at, id).

    Where states or a recording are named, only the jobs that fit.
    """
    query = _narrow(_within(select(Job), scope), states, recording_id)
    if after is not None:
        query = query.where(tuple_(Job.created_at, Job.id) < after)
    return session.scalars(query.order_by(Job.created_at.desc(), Job.id.desc()).limit(limit)).all()


def count_jobs(
    session: Session,
    scope: Scope,
    *,
    states: Sequence[JobState],
    recording_id: str | None = None,
) -> int:
    """How many jobs the scope has; narrowed as `list_jobs` is."""
    query = _within(select(func.count()).select_from(Job), scope)
    return session.scalar(_narrow(query, states, recording_id)) or 0


@for_everybody
def count_jobs_by_state(session: Session) -> dict[str, int]:
    """How many jobs of all owners are in each state; states without any are missing."""
    rows = session.execute(select(Job.state, func.count()).group_by(Job.state))
    return dict(rows.all())


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


def _narrow(
    query: Select[*Columns], states: Sequence[JobState], recording_id: str | None
) -> Select[*Columns]:
    if states:
        query = query.where(Job.state.in_(states))
    if recording_id is not None:
        query = query.where(Job.recording_id == recording_id)
    return query
