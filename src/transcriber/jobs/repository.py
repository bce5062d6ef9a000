"""The SQL of what people may see and do: every query names the owner."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select, tuple_
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from transcriber.jobs.models import AccountTurn, Job
from transcriber.jobs.states import JobState


def find_job(session: Session, user_id: str, job_id: str, *, lock: bool = False) -> Job | None:
    """The owner's job, under its row lock where it is about to change."""
    query = select(Job).where(Job.id == job_id, Job.user_id == user_id)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    return session.scalar(query)


def find_by_key(session: Session, user_id: str, idempotency_key: str) -> Job | None:
    """The job this owner submitted under the key."""
    query = select(Job).where(Job.user_id == user_id, Job.idempotency_key == idempotency_key)
    return session.scalar(query)


def list_jobs(
    session: Session,
    user_id: str,
    *,
    states: Sequence[JobState],
    after: tuple[datetime, str] | None,
    limit: int,
) -> Sequence[Job]:
    """The owner's jobs, newest first, from behind `after` (created_at, id)."""
    query = select(Job).where(Job.user_id == user_id)
    if states:
        query = query.where(Job.state.in_(states))
    if after is not None:
        query = query.where(tuple_(Job.created_at, Job.id) < after)
    return session.scalars(query.order_by(Job.created_at.desc(), Job.id.desc()).limit(limit)).all()


def count_jobs(session: Session, user_id: str, *, states: Sequence[JobState]) -> int:
    """How many jobs the owner has, in these states where some are named."""
    query = select(func.count()).select_from(Job).where(Job.user_id == user_id)
    if states:
        query = query.where(Job.state.in_(states))
    return session.scalar(query) or 0


def ensure_turn(session: Session, user_id: str) -> None:
    """The owner's place among the owners, made at the first submission."""
    # Two first submissions may come at once; the second finds the row and is content.
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    insert = sqlite_insert if is_sqlite else postgresql_insert
    session.execute(insert(AccountTurn).values(user_id=user_id).on_conflict_do_nothing())
