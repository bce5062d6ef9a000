"""Giving a recording the waveform that a plan made of it."""

from transcriber.infra.database import UnitOfWork
from transcriber.infra.deletions import delete_after_commit
from transcriber.infra.storage import Storage
from transcriber.recordings.repository import lock_recording


def adopt_waveform(uow: UnitOfWork, storage: Storage, recording_id: str, key: str) -> None:
    """Let the recording keep its first waveform; one that came later goes after the commit.

    Two jobs over one recording may plan at once, and each of them makes one.  The caller holds the
    lock of its job.
    """
    recording = lock_recording(uow.session, recording_id)
    if recording is not None and recording.removed_at is None and recording.peaks_key is None:
        recording.peaks_key = key
        return
    delete_after_commit(uow, storage, key)
