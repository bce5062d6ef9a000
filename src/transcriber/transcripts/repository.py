"""All SQL of transcripts; what people read is always asked for with its owner."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import CursorResult, Select, delete, func, select, tuple_, update
from sqlalchemy.orm import Session

from transcriber.transcripts.models import DroppedPassageRow, SegmentRow, TranscriptRow

Numbered = type[SegmentRow] | type[DroppedPassageRow]


def find_transcript(session: Session, user_id: str, job_id: str) -> TranscriptRow | None:
    """The newest transcript of the owner's job."""
    return session.scalar(
        select(TranscriptRow)
        .where(TranscriptRow.job_id == job_id, TranscriptRow.user_id == user_id)
        .order_by(TranscriptRow.generation.desc())
        .limit(1)
    )


def list_transcripts(
    session: Session, user_id: str, *, after: tuple[datetime, str] | None, limit: int
) -> Sequence[TranscriptRow]:
    """The owner's transcripts, newest first, from behind `after` (created_at, job_id)."""
    query = select(TranscriptRow).where(TranscriptRow.user_id == user_id)
    if after is not None:
        query = query.where(tuple_(TranscriptRow.created_at, TranscriptRow.job_id) < after)
    order = (TranscriptRow.created_at.desc(), TranscriptRow.job_id.desc())
    return session.scalars(query.order_by(*order).limit(limit)).all()


def list_segments(session: Session, job_id: str, generation: int) -> Sequence[SegmentRow]:
    """All segments in order; the caller has checked the owner."""
    return session.scalars(_in_order(SegmentRow, job_id, generation)).all()


def list_dropped(session: Session, job_id: str, generation: int) -> Sequence[DroppedPassageRow]:
    """All dropped passages in order; the caller has checked the owner."""
    return session.scalars(_in_order(DroppedPassageRow, job_id, generation)).all()


def renumber(session: Session, table: Numbered, job_id: str, generation: int) -> int:
    """Number the rows 0..n-1 in their order; returns n.

    One statement suffices: every new index is at most the old one, and rows are only ever moved
    to places below `SPAN_STRIDE`, which hold rows that stay where they are.
    """
    rank = func.row_number().over(order_by=table.index) - 1
    mine = (table.job_id == job_id, table.generation == generation)
    ranked = select(table.index.label("old"), rank.label("new")).where(*mine).subquery()
    statement = update(table).where(*mine, table.index == ranked.c.old).values(index=ranked.c.new)
    result = session.execute(statement.execution_options(synchronize_session=False))
    assert isinstance(result, CursorResult)  # noqa: S101 -- narrows the type for rowcount
    return result.rowcount


def delete_results(session: Session, user_id: str, job_id: str) -> None:
    """Remove every generation's result of an owner's job."""
    for table in (TranscriptRow, SegmentRow, DroppedPassageRow):
        mine = (table.job_id == job_id, table.user_id == user_id)
        session.execute(delete(table).where(*mine))


def _in_order(table: Any, job_id: str, generation: int) -> Select[Any]:
    return (
        select(table)
        .where(table.job_id == job_id, table.generation == generation)
        .order_by(table.index)
    )
