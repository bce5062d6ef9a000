"""Rules of recordings."""

from datetime import datetime

from sqlalchemy.orm import Session

from transcriber.infra.errors import NotFoundError
from transcriber.infra.identifiers import create_id
from transcriber.infra.storage import StoredObject
from transcriber.recordings import repository
from transcriber.recordings.errors import PeaksMissingError, RecordingRemovedError
from transcriber.recordings.models import Recording
from transcriber.recordings.names import clean_name
from transcriber.recordings.quota import UNLIMITED, Allowance, count_recording


def add_recording(
    session: Session,
    user_id: str,
    name: str,
    stored: StoredObject,
    now: datetime,
    *,
    allowance: Allowance = UNLIMITED,
) -> Recording:
    """Add the row of a durable object to the transaction; the bytes come first, always.

    Raises:
        QuotaExceededError: it does not fit into the allowance.
    """
    count_recording(session, user_id, stored.size_bytes, allowance)
    recording = Recording(
        id=create_id(),
        user_id=user_id,
        name=clean_name(name),
        storage_key=stored.key,
        size_bytes=stored.size_bytes,
        sha256=stored.sha256,
        created_at=now,
    )
    session.add(recording)
    session.flush()
    return recording


def find_own(session: Session, user_id: str, recording_id: str) -> Recording:
    """An owner's recording.

    Raises:
        NotFoundError: when there is none, or it is somebody else's.
    """
    recording = repository.find_recording(session, user_id, recording_id)
    if recording is None:
        raise NotFoundError("There is no such recording.", code="recording_not_found")
    return recording


def find_playable(session: Session, user_id: str, recording_id: str) -> Recording:
    """An owner's recording that still has its bytes.

    Raises:
        NotFoundError: when there is none, or it is somebody else's.
        RecordingRemovedError: when they were given up.
    """
    recording = find_own(session, user_id, recording_id)
    if recording.removed_at is not None:
        raise RecordingRemovedError("The audio of this recording was removed.")
    return recording


def find_peaks_key(session: Session, user_id: str, recording_id: str) -> str:
    """Where the waveform of an owner's recording is.

    Raises:
        NotFoundError: no such recording of theirs.
        RecordingRemovedError: it was given up with the audio.
        PeaksMissingError: `peaks_not_ready` before a job decoded the recording; `peaks_missing`
            where that was done by a release that kept no waveforms.
    """
    recording = find_playable(session, user_id, recording_id)
    if recording.peaks_key is not None:
        return recording.peaks_key
    if recording.duration_seconds is not None:
        raise PeaksMissingError(
            "The recording was decoded before waveforms were kept; run its job again to get one.",
            code="peaks_missing",
        )
    raise PeaksMissingError(
        "The waveform is there once a job has decoded the recording.",
        headers={"Retry-After": "5"},
    )
