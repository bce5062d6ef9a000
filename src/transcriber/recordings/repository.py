"""All SQL of recordings."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from transcriber.recordings.models import Recording


def get_recording(session: Session, recording_id: str) -> Recording:
    """The recording of a job, whoever owns it: for workers, which hold the job's claim."""
    return session.get_one(Recording, recording_id)


def find_recording(session: Session, user_id: str, recording_id: str) -> Recording | None:
    """The owner's recording."""
    query = select(Recording).where(Recording.id == recording_id, Recording.user_id == user_id)
    return session.scalar(query)


def find_known_keys(session: Session, keys: list[str]) -> set[str]:
    """Those of `keys` that a recording points at."""
    return set(
        session.scalars(select(Recording.storage_key).where(Recording.storage_key.in_(keys)))
    )
