"""Removing what jobs no longer need; the objects go after the commit, whatever the storage does."""

from datetime import datetime

from transcriber.infra.audit import record_act
from transcriber.infra.clock import read_database_time
from transcriber.infra.database import UnitOfWork
from transcriber.infra.deletions import delete_after_commit, give_up
from transcriber.infra.idempotency import forget_keys_of
from transcriber.infra.storage import Storage
from transcriber.jobs import repository
from transcriber.jobs.lifecycle import record_deletion
from transcriber.jobs.models import Job
from transcriber.jobs.states import TERMINAL
from transcriber.recordings.models import Recording
from transcriber.recordings.quota import discount_recording
from transcriber.recordings.repository import lock_recording
from transcriber.transcripts.service import delete_results


def discard_samples(uow: UnitOfWork, storage: Storage, job: Job) -> None:
    """Let a terminal job's decoded samples go once its state is durable."""
    if job.state in TERMINAL and job.pcm_key is not None:
        delete_after_commit(uow, storage, job.pcm_key)
        job.pcm_key = None


def give_up_samples(uow: UnitOfWork, job: Job) -> None:
    """Like `discard_samples`, for who must not wait for the storage: a later round deletes them."""
    if job.state in TERMINAL and job.pcm_key is not None:
        give_up(uow, job.pcm_key)
        job.pcm_key = None


def delete_job(
    uow: UnitOfWork, storage: Storage, job: Job, *, actor: str, detail: str | None = None
) -> None:
    """Remove a locked job with all it has; the recording goes with the last job that uses it.

    A worker that still holds a span of it finds its fence gone and removes what it wrote.
    """
    session = uow.session
    recording = lock_recording(session, job.user_id, job.recording_id)
    if job.pcm_key is not None:
        delete_after_commit(uow, storage, job.pcm_key)
    delete_results(session, job.user_id, job.id)
    forget_keys_of(session, job.id)
    record_act(
        session,
        actor=actor,
        action="job.delete",
        object_id=job.id,
        user_id=job.user_id,
        detail=detail,
    )
    record_deletion(session, job, actor=actor, now=read_database_time(session))
    # Spans and tokens go with the row.
    session.delete(job)
    session.flush()
    if recording is not None and not repository.count_users(session, recording, only_active=False):
        if recording.removed_at is None:
            detail = f"with job {job.id}"
            _give_up_objects(uow, storage, recording, actor=actor, detail=detail)
        session.delete(recording)


def remove_audio(
    uow: UnitOfWork,
    storage: Storage,
    recording: Recording,
    now: datetime,
    *,
    actor: str,
    detail: str | None = None,
) -> None:
    """Give up a locked recording's bytes that no job needs, and keep the transcripts."""
    recording.removed_at = now
    _give_up_objects(uow, storage, recording, actor=actor, detail=detail)


def _give_up_objects(
    uow: UnitOfWork, storage: Storage, recording: Recording, *, actor: str, detail: str | None
) -> None:
    record_act(
        uow.session,
        actor=actor,
        action="recording.delete",
        object_id=recording.id,
        user_id=recording.user_id,
        detail=detail,
    )
    delete_after_commit(uow, storage, recording.storage_key)
    discount_recording(uow.session, recording.user_id, recording.size_bytes)
    if recording.peaks_key is not None:
        # Whoever may not hear the recording any more may not see it either.
        delete_after_commit(uow, storage, recording.peaks_key)
        recording.peaks_key = None
