"""All SQL of recordings."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from transcriber.recordings.models import Recording


def get_recording(session: Session, recording_id: str) -> Recording:
    """The recording of a job, whoever owns it: for workers, which hold the job's claim."""
    return session.get_one(Recording, recording_id)


def lock_recording(
    session: Session, recording_id: str, *, skip_locked: bool = False
) -> Recording | None:
    """The recording under its row lock: whoever adds or takes away a user of it holds it.

    Taken after the lock of a job, never before one.
    """
    query = select(Recording).where(Recording.id == recording_id)
    query = query.with_for_update(skip_locked=skip_locked)
    return session.scalar(query.execution_options(populate_existing=True))


def find_known_keys(session: Session, keys: list[str]) -> set[str]:
    """Those of `keys` that a recording still has its bytes under."""
    return set(
        session.scalars(
            select(Recording.storage_key).where(
                Recording.storage_key.in_(keys), Recording.removed_at.is_(None)
            )
        )
    )
