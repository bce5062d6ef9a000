"""Giving a recording the waveform that a plan made of it."""

from transcriber.infra.database import UnitOfWork
from transcriber.infra.deletions import delete_after_commit
from transcriber.infra.storage import Storage
from transcriber.jobs.models import Job
from transcriber.recordings.repository import lock_recording


def adopt_waveform(uow: UnitOfWork, storage: Storage, job: Job, key: str) -> None:
    """Let a locked job's recording keep its first waveform; a later one goes after the commit.

    Two jobs over one recording may plan at once, and each of them makes one.
    """
    recording = lock_recording(uow.session, job.user_id, job.recording_id)
    if recording is not None and recording.removed_at is None and recording.peaks_key is None:
        recording.peaks_key = key
        return
    delete_after_commit(uow, storage, key)
