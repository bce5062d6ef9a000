"""All SQL of transcripts; what people read is always asked for with its owner."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    and_,
    delete,
    distinct,
    func,
    select,
    tuple_,
    update,
)
from sqlalchemy.orm import Session

from transcriber.transcripts.filters import TranscriptFilter
from transcriber.transcripts.models import (
    SPAN_STRIDE,
    DeletedTranscriptRow,
    DroppedPassageRow,
    SegmentRow,
    TranscriptRow,
)
from transcriber.transcripts.revisions.models import RevisionRow
from transcriber.transcripts.sorting import Order
from transcriber.transcripts.tags.models import TranscriptTagRow

Numbered = type[SegmentRow] | type[DroppedPassageRow]

INDEXES_AT_ONCE = 500
"""Asked for in one statement; databases bound how many values one may carry."""

# The machine's segments never begin before the one in front of them, nor may those of people.
_ORDER = (SegmentRow.start, SegmentRow.index)


def find_transcript(
    session: Session, user_id: str, job_id: str, *, lock: bool = False
) -> TranscriptRow | None:
    """The newest transcript of the owner's job, under its row lock where it is about to change."""
    query = (
        select(TranscriptRow)
        .where(TranscriptRow.job_id == job_id, TranscriptRow.user_id == user_id)
        .order_by(TranscriptRow.generation.desc())
        .limit(1)
    )
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    return session.scalar(query)


def list_transcripts(
    session: Session, user_id: str, wanted: TranscriptFilter, order: Order, *, limit: int
) -> Sequence[TranscriptRow]:
    """Those of the owner's transcripts that are wanted, from the place of the order on."""
    query = select(TranscriptRow).where(
        TranscriptRow.user_id == user_id, *wanted.list_clauses(user_id)
    )
    return session.scalars(order.apply(query).limit(limit)).all()


def list_segments(
    session: Session,
    transcript: TranscriptRow,
    revision: int,
    *,
    after: tuple[float, int] | None = None,
    ending_after: float | None = None,
    skip: int = 0,
    limit: int | None = None,
) -> Sequence[SegmentRow]:
    """The segments of a revision in order.

    Args:
        session: The transaction.
        transcript: A row that was found with its owner.
        revision: Its newest, or one before.
        after: Only what comes behind this (start, index).
        ending_after: Only what ends later than this many seconds.
        skip: How many of these to pass over.
        limit: How many at the most.
    """
    query = _of(SegmentRow, transcript).where(*_alive_at(revision)).order_by(*_ORDER)
    if after is not None:
        query = query.where(tuple_(*_ORDER) > after)
    if ending_after is not None:
        query = query.where(SegmentRow.end > ending_after)
    if skip:
        query = query.offset(skip)
    return session.scalars(query.limit(limit)).all()


def count_segments(
    session: Session,
    transcript: TranscriptRow,
    revision: int,
    *,
    before: tuple[float, int] | None = None,
) -> int:
    """How many segments a revision has, or has before this (start, index)."""
    query = select(func.count()).where(*_owned(SegmentRow, transcript), *_alive_at(revision))
    if before is not None:
        query = query.where(tuple_(*_ORDER) < before)
    return session.scalar(query) or 0


def list_outline(
    session: Session, transcript: TranscriptRow, revision: int
) -> Sequence[Row[int, float, float]]:
    """Index, start and end of each segment of a revision, in order, without the texts."""
    query = select(SegmentRow.index, SegmentRow.start, SegmentRow.end)
    query = query.where(*_owned(SegmentRow, transcript), *_alive_at(revision))
    return session.execute(query.order_by(*_ORDER)).all()


def count_jobs(session: Session, user_id: str, job_ids: Sequence[str] | None) -> int:
    """How many of these jobs, or of all, are the owner's and have a transcript."""
    query = select(func.count(distinct(TranscriptRow.job_id)))
    query = query.where(TranscriptRow.user_id == user_id)
    if job_ids is not None:
        query = query.where(TranscriptRow.job_id.in_(job_ids))
    return session.scalar(query) or 0


def list_texts(session: Session, transcript: TranscriptRow) -> Sequence[Row[int, str]]:
    """Index and text of each segment of the newest revision, in order."""
    query = select(SegmentRow.index, SegmentRow.text)
    query = query.where(*_owned(SegmentRow, transcript), *_alive_at(transcript.revision))
    return session.execute(query.order_by(*_ORDER)).all()


def count_speakers(session: Session, transcript: TranscriptRow) -> Sequence[Row[str | None, int]]:
    """Who says how many segments of the newest revision; None: nobody was named."""
    query = select(SegmentRow.speaker, func.count()).group_by(SegmentRow.speaker)
    query = query.where(*_owned(SegmentRow, transcript), *_alive_at(transcript.revision))
    return session.execute(query.order_by(func.min(SegmentRow.start))).all()


def list_spoken_by(
    session: Session, transcript: TranscriptRow, speakers: Collection[str | None]
) -> Sequence[int]:
    """The indexes of the newest revision's segments that these say."""
    named = [each for each in speakers if each is not None]
    wanted = SegmentRow.speaker.in_(named)
    if None in speakers:
        wanted |= SegmentRow.speaker.is_(None)
    query = select(SegmentRow.index).where(wanted)
    query = query.where(*_owned(SegmentRow, transcript), *_alive_at(transcript.revision))
    return session.scalars(query.order_by(*_ORDER)).all()


def list_only_in(
    session: Session, transcript: TranscriptRow, revision: int, other: int
) -> Sequence[SegmentRow]:
    """The segments that a revision has and another has not, in order."""
    query = _of(SegmentRow, transcript).where(*_alive_at(revision), ~and_(*_alive_at(other)))
    return session.scalars(query.order_by(*_ORDER)).all()


def find_segments(
    session: Session, transcript: TranscriptRow, indexes: Collection[int]
) -> dict[int, SegmentRow]:
    """The segments with these indexes, of whatever revision; those that are unknown are missing."""
    found: dict[int, SegmentRow] = {}
    wanted = sorted(indexes)
    for first in range(0, len(wanted), INDEXES_AT_ONCE):
        some = SegmentRow.index.in_(wanted[first : first + INDEXES_AT_ONCE])
        query = _of(SegmentRow, transcript).where(some)
        found.update((row.index, row) for row in session.scalars(query))
    return found


def find_next_index(session: Session, transcript: TranscriptRow) -> int:
    """The lowest index that no segment ever had: how many versions of segments are kept."""
    query = select(func.max(SegmentRow.index)).where(*_owned(SegmentRow, transcript))
    highest = session.scalar(query)
    return 0 if highest is None else highest + 1


def list_dropped(session: Session, transcript: TranscriptRow) -> Sequence[DroppedPassageRow]:
    """All dropped passages in order."""
    query = _of(DroppedPassageRow, transcript).order_by(DroppedPassageRow.index)
    return session.scalars(query).all()


def is_deleted(session: Session, user_id: str, job_id: str) -> bool:
    """Whether the owner deleted the transcript of a job that stayed."""
    query = select(DeletedTranscriptRow.job_id).where(
        DeletedTranscriptRow.job_id == job_id, DeletedTranscriptRow.user_id == user_id
    )
    return session.scalar(query) is not None


def renumber(session: Session, table: Numbered, job_id: str, generation: int) -> int:
    """Number the rows 0..n-1 in their order; returns n.

    Each span's rows move together, down to behind those of the span before.  A statement for each
    is quick whatever the database knows of the table; one for all was planned as the square of n
    where it knew nothing.
    """
    mine = (table.job_id == job_id, table.generation == generation)
    span = table.index // SPAN_STRIDE
    counts = session.execute(select(span, func.count()).where(*mine).group_by(span).order_by(span))
    moved = 0
    for number, rows in counts.all():
        first = number * SPAN_STRIDE
        if first != moved:
            these = (table.index >= first, table.index < first + SPAN_STRIDE)
            statement = update(table).where(*mine, *these).values(index=table.index - first + moved)
            session.execute(statement.execution_options(synchronize_session=False))
        moved += rows
    return moved


def delete_content(session: Session, user_id: str, job_id: str) -> None:
    """Remove every generation's transcript of an owner's job, its history and its tags."""
    for table in (TranscriptRow, SegmentRow, DroppedPassageRow, RevisionRow, TranscriptTagRow):
        mine = (table.job_id == job_id, table.user_id == user_id)
        session.execute(delete(table).where(*mine))


def delete_results(session: Session, user_id: str, job_id: str) -> None:
    """Remove whatever there is of an owner's job, also the note that its transcript was deleted."""
    delete_content(session, user_id, job_id)
    mine = (DeletedTranscriptRow.job_id == job_id, DeletedTranscriptRow.user_id == user_id)
    session.execute(delete(DeletedTranscriptRow).where(*mine))


def _of(table: Any, transcript: TranscriptRow) -> Select[Any]:
    return select(table).where(*_owned(table, transcript))


def _owned(table: Any, transcript: TranscriptRow) -> tuple[ColumnElement[bool], ...]:
    return (
        table.job_id == transcript.job_id,
        table.generation == transcript.generation,
        table.user_id == transcript.user_id,
    )


def _alive_at(revision: int) -> tuple[ColumnElement[bool], ...]:
    return (
        SegmentRow.since <= revision,
        SegmentRow.until.is_(None) | (SegmentRow.until > revision),
    )
