"""The SQL of tags."""

from collections.abc import Mapping, Sequence

from sqlalchemy import ColumnElement, Row, delete, exists, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from transcriber.transcripts.models import TranscriptRow
from transcriber.transcripts.tags.models import TranscriptTagRow


def list_tags(session: Session, user_id: str, job_id: str) -> Sequence[str]:
    """The tags of the owner's transcript, in order."""
    query = select(TranscriptTagRow).where(
        TranscriptTagRow.job_id == job_id, TranscriptTagRow.user_id == user_id
    )
    # Databases differ in how they sort texts.
    return [row.tag for row in sorted(session.scalars(query), key=lambda row: row.key)]


def replace_tags(session: Session, user_id: str, job_id: str, tags: Mapping[str, str]) -> None:
    """Give the owner's transcript these tags (by key) and no others."""
    session.execute(
        delete(TranscriptTagRow).where(
            TranscriptTagRow.job_id == job_id, TranscriptTagRow.user_id == user_id
        )
    )
    session.add_all(
        TranscriptTagRow(job_id=job_id, user_id=user_id, key=key, tag=tag)
        for key, tag in tags.items()
    )


def count_tags(
    session: Session, user_id: str, *, after: str | None, limit: int
) -> Sequence[Row[str, str, int]]:
    """Key, one spelling, and number of transcripts of the owner's tags, from behind a key."""
    query = select(
        TranscriptTagRow.key, func.min(TranscriptTagRow.tag), func.count(TranscriptTagRow.job_id)
    ).where(TranscriptTagRow.user_id == user_id)
    if after is not None:
        query = query.where(TranscriptTagRow.key > after)
    query = query.group_by(TranscriptTagRow.key).order_by(TranscriptTagRow.key).limit(limit)
    return session.execute(query).all()


def has_tag(
    user_id: str | InstrumentedAttribute[str],
    key: str,
    job_id: InstrumentedAttribute[str] = TranscriptRow.job_id,
) -> ColumnElement[bool]:
    """The condition that a transcript of a query, or a job, has the owner's tag with this key."""
    return exists().where(
        TranscriptTagRow.user_id == user_id,
        TranscriptTagRow.key == key,
        TranscriptTagRow.job_id == job_id,
    )
