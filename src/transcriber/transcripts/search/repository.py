"""The rows behind what the index found; every query names the owner."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Select, and_, func, select
from sqlalchemy.orm import Session

from transcriber.transcripts.filters import TranscriptFilter
from transcriber.transcripts.models import SegmentRow, TranscriptRow
from transcriber.transcripts.search.models import MAX_ORDINAL, SearchEntry, SearchTranscript


@dataclass(frozen=True, slots=True)
class FoundSegment:
    """A segment that matches, with its transcript."""

    entry_id: int
    segment: SegmentRow
    transcript: TranscriptRow


def select_shelves(
    user_id: str, wanted: TranscriptFilter, job_id: str | None
) -> Select[int] | None:
    """The high bits of the entries' ids of such transcripts; None where all of them count."""
    clauses = list(wanted.list_clauses(user_id))
    if job_id is not None:
        clauses.append(SearchTranscript.job_id == job_id)
    if not clauses:
        return None
    return (
        select((MAX_ORDINAL - SearchTranscript.ordinal).label("shelf"))
        .join(TranscriptRow, _IS_OF_TRANSCRIPT)
        .where(SearchTranscript.user_id == user_id, TranscriptRow.user_id == user_id, *clauses)
    )


def bound_shelves(session: Session, shelves: Select[int], first: int) -> tuple[int, int] | None:
    """The lowest and the highest of them from `first` on; None where there is none."""
    shelf = shelves.subquery().c.shelf
    row = session.execute(select(func.min(shelf), func.max(shelf)).where(shelf >= first)).one()
    return None if row[0] is None else (row[0], row[1])


def list_found(session: Session, user_id: str, ids: Sequence[int]) -> Sequence[FoundSegment]:
    """The owner's segments of these entries, in order."""
    if not ids:
        return []
    query = (
        select(SearchEntry.id, SegmentRow, TranscriptRow)
        .join(SearchTranscript, SearchTranscript.job_id == SearchEntry.job_id)
        .join(TranscriptRow, _IS_OF_TRANSCRIPT)
        .join(
            SegmentRow,
            and_(
                SegmentRow.job_id == SearchEntry.job_id,
                SegmentRow.generation == SearchTranscript.generation,
                SegmentRow.index == SearchEntry.segment_index,
            ),
        )
        .where(SearchEntry.id.in_(ids), SearchEntry.user_id == user_id)
        .order_by(SearchEntry.id)
    )
    return [FoundSegment(*each) for each in session.execute(query)]


_IS_OF_TRANSCRIPT = and_(
    TranscriptRow.job_id == SearchTranscript.job_id,
    TranscriptRow.generation == SearchTranscript.generation,
)
