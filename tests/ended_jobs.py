"""Jobs that have ended at chosen times, written straight into the database."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from transcriber.infra.identifiers import create_id
from transcriber.jobs.models import Job
from transcriber.jobs.states import JobState
from transcriber.recordings.models import Recording


@dataclass(frozen=True, kw_only=True)
class EndedJob:
    """What statistics look at; seconds where nothing else is said."""

    finished_at: datetime
    state: JobState = JobState.COMPLETED
    user_id: str = "alice"
    model: str = "base"
    device: str | None = "cpu int8"
    error_code: str | None = None
    wait: float = 1.0
    run: float = 10.0
    audio: float = 100.0
    speech: float = 80.0
    busy: float = 8.0


def add_ended(session: Session, *ended: EndedJob) -> list[str]:
    """Add the jobs; returns their ids."""
    return [_add(session, each) for each in ended]


def _add(session: Session, ended: EndedJob) -> str:
    started = ended.finished_at - timedelta(seconds=ended.run)
    queued = started - timedelta(seconds=ended.wait)
    is_completed = ended.state == JobState.COMPLETED
    recording = Recording(
        id=create_id(),
        user_id=ended.user_id,
        name="talk.mp3",
        storage_key=f"recordings/{create_id()}",
        size_bytes=10,
        sha256="a" * 64,
        duration_seconds=ended.audio,
        created_at=queued,
    )
    session.add(recording)
    session.flush()
    job = Job(
        id=create_id(),
        user_id=ended.user_id,
        recording_id=recording.id,
        name="talk.mp3",
        options={"task": "transcribe"},
        model=ended.model,
        device=ended.device,
        state=ended.state,
        error_code=ended.error_code,
        total_seconds=ended.speech,
        done_seconds=ended.speech if is_completed else 0.0,
        busy_seconds=ended.busy,
        audio_seconds=ended.audio if is_completed else None,
        created_at=queued,
        queued_at=queued,
        started_at=started,
        finished_at=ended.finished_at,
        updated_at=ended.finished_at,
    )
    session.add(job)
    session.flush()
    return job.id
