"""Removing what is over age, by the database's clock, a bounded batch at a time."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any, TypeVarTuple

from sqlalchemy import ColumnElement, Select, exists, select
from sqlalchemy.orm import Session

from transcriber.accounts.models import RetentionPolicy
from transcriber.accounts.retention import audio_days_of_owner, transcript_days_of_owner
from transcriber.infra.clock import read_database_time
from transcriber.infra.context import Context
from transcriber.infra.database import UnitOfWork
from transcriber.infra.ownership import for_everybody
from transcriber.jobs import repository
from transcriber.jobs.claims import lock_job
from transcriber.jobs.cleaning import delete_job, remove_audio
from transcriber.jobs.models import Job
from transcriber.jobs.states import TERMINAL
from transcriber.recordings.models import Recording
from transcriber.recordings.repository import lock_recording

LOCK_NAME = "transcriber.retention"
ACTOR = "retention"
BATCH = 25
"""Removed in one transaction: SQLite lets nobody else write meanwhile."""
MAX_BATCHES = 20

Columns = TypeVarTuple("Columns")
Remove = Callable[[UnitOfWork, Context, datetime], int]


def enforce_retention(context: Context) -> int:
    """One round over whole jobs, then over recordings; returns how many of both are gone."""
    return remove_old_jobs(context) + remove_old_audio(context)


def remove_old_jobs(context: Context) -> int:
    """The part of a round over whole jobs; returns how many are gone."""
    return _repeat(context, _remove_old_jobs)


def remove_old_audio(context: Context) -> int:
    """The part of a round over recordings; returns how many are gone."""
    return _repeat(context, _remove_old_audio)


def _repeat(context: Context, remove: Remove) -> int:
    total = 0
    for _ in range(MAX_BATCHES):
        with context.database.unit_of_work() as uow:
            if not uow.try_lock(LOCK_NAME):
                return total
            count = remove(uow, context, read_database_time(uow.session))
        total += count
        if count < BATCH:
            break
    return total


@for_everybody
def _remove_old_jobs(uow: UnitOfWork, context: Context, now: datetime) -> int:
    days = transcript_days_of_owner(context.settings)
    count = 0
    for limit in _list_limits(uow.session, days, context.settings.retain_transcripts_days):
        cutoff = now - timedelta(days=limit)
        ids = uow.session.scalars(
            _join_policies(select(Job.id), Job.user_id)
            .where(Job.state.in_(TERMINAL), Job.finished_at <= cutoff, days == limit)
            .order_by(Job.finished_at)
            .limit(BATCH - count)
        ).all()
        for job_id in ids:
            job = lock_job(uow.session, job_id, skip_locked=True)
            # A retry may have begun between the two statements.
            if job is not None and job.state in TERMINAL:
                detail = f"transcript_days {limit}"
                delete_job(uow, context.storage, job, actor=ACTOR, detail=detail)
                count += 1
    return count


def _remove_old_audio(uow: UnitOfWork, context: Context, now: datetime) -> int:
    session = uow.session
    days = audio_days_of_owner(context.settings)
    count = 0
    for limit in _list_limits(session, days, context.settings.retain_audio_days):
        found = session.execute(_find_audio(days, limit, now).limit(BATCH - count)).all()
        for user_id, recording_id in found:
            recording = lock_recording(session, user_id, recording_id, skip_locked=True)
            if recording is None or recording.removed_at is not None:
                continue
            if repository.count_users(session, recording, only_active=True):
                continue
            detail = f"audio_days {limit}"
            remove_audio(uow, context.storage, recording, now, actor=ACTOR, detail=detail)
            count += 1
    return count


@for_everybody
def _find_audio(days: ColumnElement[int | None], limit: int, now: datetime) -> Select[str, str]:
    cutoff = now - timedelta(days=limit)
    is_needed = exists().where(
        Job.recording_id == Recording.id,
        Job.state.not_in(TERMINAL) | (Job.finished_at > cutoff),
    )
    return (
        _join_policies(select(Recording.user_id, Recording.id), Recording.user_id)
        # No job can have ended before its recording came: this bounds what is looked at.
        .where(Recording.removed_at.is_(None), Recording.created_at <= cutoff)
        .where(days == limit, ~is_needed)
        .order_by(Recording.created_at)
    )


@for_everybody
def _list_limits(
    session: Session, days: ColumnElement[int | None], service: int | None
) -> Sequence[int]:
    """The few different numbers of days that hold for anyone; none where everything is kept."""
    own = session.scalars(select(days).select_from(RetentionPolicy).distinct()).all()
    return sorted({each for each in (*own, service) if each is not None})


def _join_policies(query: Select[*Columns], user_id: Any) -> Select[*Columns]:
    return query.outerjoin(RetentionPolicy, RetentionPolicy.user_id == user_id)
