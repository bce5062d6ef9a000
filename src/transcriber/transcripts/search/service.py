"""Searching an account's transcripts."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from transcriber.transcripts.filters import TranscriptFilter
from transcriber.transcripts.search import repository
from transcriber.transcripts.search.dialects import get_index
from transcriber.transcripts.search.highlights import find_highlights
from transcriber.transcripts.search.index import Wanted
from transcriber.transcripts.search.models import LAST_ID, PLACE_BITS
from transcriber.transcripts.search.query import SearchQuery
from transcriber.transcripts.search.repository import FoundSegment


@dataclass(frozen=True, slots=True)
class Hit:
    """A segment that matches, and the passages of its text that do."""

    found: FoundSegment
    highlights: Sequence[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class HitPage:
    """Hits, newest transcript first and in the order of the recording.

    Attributes:
        after: The id to go on behind; None where nothing is left.
    """

    hits: Sequence[Hit]
    after: int | None


def search_transcripts(
    session: Session,
    user_id: str,
    query: SearchQuery,
    wanted: TranscriptFilter,
    *,
    job_id: str | None = None,
    after: int = -1,
    limit: int,
) -> HitPage:
    """A page of the owner's segments that match, behind the entry `after`."""
    shelves = repository.select_shelves(user_id, wanted, job_id)
    upto = LAST_ID
    if shelves is not None:
        bounds = repository.bound_shelves(session, shelves, max(after, 0) >> PLACE_BITS)
        if bounds is None:
            return HitPage([], None)
        first, last = bounds
        after, upto = max(after, (first << PLACE_BITS) - 1), ((last + 1) << PLACE_BITS) - 1
    ids = get_index(session).find(
        session,
        Wanted(
            user_id=user_id,
            query=query,
            after=after,
            upto=upto,
            shelves=shelves,
            limit=limit + 1,
        ),
    )
    page = ids[:limit]
    found = repository.list_found(session, user_id, page)
    hits = [Hit(each, find_highlights(each.segment.text, query)) for each in found]
    return HitPage(hits, page[-1] if len(ids) > limit else None)
