"""All SQL of recordings."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from transcriber.recordings.models import Recording


def get_recording(session: Session, recording_id: str) -> Recording:
    """The recording of a job, whoever owns it: for workers, which hold the job's claim."""
    return session.get_one(Recording, recording_id)


def find_known_keys(session: Session, keys: list[str]) -> set[str]:
    """Those of `keys` that a recording points at."""
    return set(
        session.scalars(select(Recording.storage_key).where(Recording.storage_key.in_(keys)))
    )
