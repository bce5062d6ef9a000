"""Recordings that an account sends a second time: one copy is kept, and finished work is found.

Only the account's own recordings are ever looked at, so nobody learns what others have.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import structlog
from sqlalchemy import Select, exists, select
from sqlalchemy.orm import Session

from transcriber.infra.context import Context
from transcriber.infra.database import UnitOfWork
from transcriber.infra.deletions import delete_after_commit
from transcriber.infra.errors import ServiceError
from transcriber.infra.storage import Storage, StoredObject
from transcriber.jobs.creation import Submission
from transcriber.jobs.models import Job
from transcriber.jobs.states import JobState
from transcriber.recordings.models import Recording
from transcriber.recordings.repository import find_twin, lock_recording
from transcriber.transcripts.models import TranscriptRow

MAX_NAMED = 50
"""Finished jobs that an answer names at most, newest first."""
MAX_COMPARED = 500
"""Finished jobs over the same bytes whose options are compared, newest first."""

_log = structlog.stdlib.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Duplicate:
    """What was there before a job: its bytes, and what the same question has answered.

    Attributes:
        recording: The owner's oldest recording of the same bytes.
        job_ids: Completed jobs over them with the same model and options, newest first.
    """

    recording: Recording
    job_ids: Sequence[str]


def find_intact_twin(context: Context, user_id: str, stored: StoredObject) -> str | None:
    """The owner's recording of the same bytes, if it still has them; blocks on the storage.

    Asked before the transaction that shares it, because no storage is waited for in one.
    """
    with context.database.snapshot() as session:
        twin = find_twin(session, user_id, stored.sha256, stored.size_bytes)
    if twin is None:
        return None
    try:
        # Whoever sends a recording again may do so because its object was lost.
        is_intact = context.storage.size(twin.storage_key) == twin.size_bytes
    except ServiceError as error:
        _log.warning("twin_not_shared", recording_id=twin.id, reason=error.detail)
        return None
    return twin.id if is_intact else None


def lock_twin(session: Session, submission: Submission) -> Recording | None:
    """The recording that a submission may use in place of its own copy, locked; None without."""
    if submission.twin_id is None:
        return None
    twin = lock_recording(session, submission.user_id, submission.twin_id)
    # It may have been given up since it was found.
    return twin if twin is not None and twin.removed_at is None else None


def drop_copy(uow: UnitOfWork, storage: Storage, job: Job, stored: StoredObject) -> None:
    """Delete the bytes that were sent, after the commit, where the job uses others."""
    used = select(Recording.storage_key).where(Recording.id == job.recording_id)
    if uow.session.scalar(used) != stored.key:
        delete_after_commit(uow, storage, stored.key)


def find_finished(session: Session, submission: Submission) -> Job | None:
    """The owner's newest completed job over the same bytes with the same model and options."""
    stored = submission.stored
    query = _select_completed(submission.user_id, stored.sha256, stored.size_bytes)
    for job in session.scalars(query.where(Job.model == submission.model)):
        if job.options == submission.options:
            return job
    return None


def find_duplicate(session: Session, job: Job) -> Duplicate | None:
    """What the owner had of the same bytes before this job came; None where they were new."""
    own = session.get_one(Recording, job.recording_id)
    first = session.scalar(
        select(Recording)
        .where(
            Recording.user_id == job.user_id,
            Recording.sha256 == own.sha256,
            Recording.size_bytes == own.size_bytes,
            Recording.created_at < job.created_at,
        )
        .order_by(Recording.created_at, Recording.id)
        .limit(1)
    )
    if first is None:
        return None
    query = _select_completed(job.user_id, own.sha256, own.size_bytes)
    earlier = query.where(Job.model == job.model, Job.created_at < job.created_at)
    ids = [each.id for each in session.scalars(earlier) if each.options == job.options]
    return Duplicate(first, ids[:MAX_NAMED])


def _select_completed(user_id: str, sha256: str, size_bytes: int) -> Select[Job]:
    return (
        select(Job)
        .join(Recording, Recording.id == Job.recording_id)
        .where(
            Recording.user_id == user_id,
            Recording.sha256 == sha256,
            Recording.size_bytes == size_bytes,
            Job.state == JobState.COMPLETED,
            # What the owner deleted is no answer to the same question.
            exists().where(TranscriptRow.job_id == Job.id),
        )
        .order_by(Job.created_at.desc(), Job.id.desc())
        .limit(MAX_COMPARED)
    )
