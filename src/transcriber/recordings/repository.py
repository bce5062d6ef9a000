"""All SQL of recordings: what people ask for names its owner."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Select, func, select, tuple_
from sqlalchemy.orm import Session

from transcriber.infra.ownership import for_everybody
from transcriber.recordings.models import Recording


@for_everybody
def get_recording(session: Session, recording_id: str) -> Recording:
    """The recording of a job, whoever owns it: for workers, which hold the job's claim."""
    return session.get_one(Recording, recording_id)


def find_recording(session: Session, user_id: str, recording_id: str) -> Recording | None:
    """An owner's recording."""
    return session.scalar(_of(user_id).where(Recording.id == recording_id))


def list_recordings(
    session: Session,
    user_id: str,
    *,
    sha256: str | None,
    after: tuple[datetime, str] | None,
    limit: int,
) -> Sequence[Recording]:
    """An owner's recordings, newest first, from behind `after` (created_at, id)."""
    query = _of(user_id, sha256)
    if after is not None:
        query = query.where(tuple_(Recording.created_at, Recording.id) < after)
    return session.scalars(
        query.order_by(Recording.created_at.desc(), Recording.id.desc()).limit(limit)
    ).all()


def count_recordings(session: Session, user_id: str, *, sha256: str | None) -> int:
    """How many recordings an owner has, with these bytes where a hash is named."""
    found = _of(user_id, sha256).subquery()
    return session.scalar(select(func.count()).select_from(found)) or 0


def sum_recordings(session: Session, user_id: str) -> tuple[int, float]:
    """How many of an owner's recordings have their audio, and their known seconds together."""
    query = select(func.count(), func.sum(Recording.duration_seconds))
    count, seconds = session.execute(
        query.where(Recording.user_id == user_id, Recording.removed_at.is_(None))
    ).one()
    return count, float(seconds or 0.0)


def find_twin(session: Session, user_id: str, sha256: str, size_bytes: int) -> Recording | None:
    """The owner's newest recording of exactly these bytes that still has them.

    The newest, because an older one may have been sent again for the loss of its object.
    """
    query = _of(user_id, sha256).where(
        Recording.size_bytes == size_bytes, Recording.removed_at.is_(None)
    )
    return session.scalar(query.order_by(Recording.created_at.desc(), Recording.id).limit(1))


def lock_recording(
    session: Session, user_id: str, recording_id: str, *, skip_locked: bool = False
) -> Recording | None:
    """An owner's recording under its row lock: whoever adds or takes away a user of it holds it.

    Taken after the lock of a job, never before one.
    """
    query = _of(user_id).where(Recording.id == recording_id)
    query = query.with_for_update(skip_locked=skip_locked)
    return session.scalar(query.execution_options(populate_existing=True))


@for_everybody
def find_known_keys(session: Session, keys: list[str]) -> set[str]:
    """Those of `keys` that a recording still has its bytes or its waveform under."""
    known: set[str] = set()
    for column in (Recording.storage_key, Recording.peaks_key):
        query = select(column).where(column.in_(keys), Recording.removed_at.is_(None))
        known |= {key for key in session.scalars(query) if key is not None}
    return known


def _of(user_id: str, sha256: str | None = None) -> Select[Recording]:
    query = select(Recording).where(Recording.user_id == user_id)
    return query if sha256 is None else query.where(Recording.sha256 == sha256)
