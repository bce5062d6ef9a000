"""Rules of recordings."""

from datetime import datetime

from sqlalchemy.orm import Session

from transcriber.infra.identifiers import create_id
from transcriber.infra.storage import StoredObject
from transcriber.recordings.models import Recording
from transcriber.recordings.names import clean_name


def add_recording(
    session: Session, user_id: str, name: str, stored: StoredObject, now: datetime
) -> Recording:
    """Add the row of a durable object to the transaction; the bytes come first, always."""
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
