"""The SQL of revisions."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from transcriber.transcripts.models import TranscriptRow
from transcriber.transcripts.revisions.models import RevisionRow


def list_revisions(
    session: Session, transcript: TranscriptRow, *, before: int | None, limit: int
) -> Sequence[RevisionRow]:
    """The revisions of a transcript, newest first, from behind the one numbered `before`."""
    query = select(RevisionRow).where(
        RevisionRow.job_id == transcript.job_id,
        RevisionRow.generation == transcript.generation,
        RevisionRow.user_id == transcript.user_id,
    )
    if before is not None:
        query = query.where(RevisionRow.number < before)
    return session.scalars(query.order_by(RevisionRow.number.desc()).limit(limit)).all()
