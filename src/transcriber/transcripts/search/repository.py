"""The rows behind what the index found; every query names the owner."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Select, and_, select
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


def find_ordinal(session: Session, user_id: str, job_id: str) -> int | None:
    """Where in the index the owner's transcript is."""
    return session.scalar(
        select(SearchTranscript.ordinal).where(
            SearchTranscript.job_id == job_id, SearchTranscript.user_id == user_id
        )
    )


def select_shelves(user_id: str, wanted: TranscriptFilter) -> Select[int] | None:
    """The high bits of the entries' ids of such transcripts; None where all of them are."""
    clauses = wanted.list_clauses()
    if not clauses:
        return None
    return (
        select(MAX_ORDINAL - SearchTranscript.ordinal)
        .join(TranscriptRow, _IS_OF_TRANSCRIPT)
        .where(SearchTranscript.user_id == user_id, TranscriptRow.user_id == user_id, *clauses)
    )


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
