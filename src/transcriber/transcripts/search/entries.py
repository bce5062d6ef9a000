"""Keeping the index true to the transcripts: called in the transaction that changes them."""

from collections.abc import Iterable, Sequence
from itertools import islice
from typing import NamedTuple

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from transcriber.transcripts.models import SegmentRow
from transcriber.transcripts.search.dialects import get_index
from transcriber.transcripts.search.index import Document
from transcriber.transcripts.search.models import (
    LAST_PLACE,
    MAX_ORDINAL,
    PLACE_BITS,
    SearchEntry,
    SearchTranscript,
)
from transcriber.transcripts.search.owned_terms import list_owned_terms

BATCH = 500
"""Rows in one statement; SQLite bounds its parameters."""


class _Passage(NamedTuple):
    segment_index: int
    start: float
    text: str


def index_transcript(session: Session, user_id: str, job_id: str, generation: int) -> None:
    """Make a transcript's segments the ones of its job that are found; it is the newest then."""
    forget_entries(session, user_id, job_id)
    shelf = _add_shelf(session, user_id, job_id, generation)
    columns = (SegmentRow.index, SegmentRow.start, SegmentRow.text)
    of_transcript = (SegmentRow.job_id == job_id, SegmentRow.generation == generation)
    mine = (*of_transcript, SegmentRow.user_id == user_id, SegmentRow.until.is_(None))
    order = (SegmentRow.start, SegmentRow.end, SegmentRow.index)
    found = session.execute(select(*columns).where(*mine).order_by(*order))
    _add(session, shelf, (_Passage(*each) for each in found))


def add_entries(session: Session, rows: Sequence[SegmentRow]) -> None:
    """Let segments of one transcript be found that were stored just now.

    Where nothing of it could be found yet, all of it is from now on; where the job's other
    generation was, that is not any more.
    """
    if not rows:
        return
    first = rows[0]
    shelf = _find_shelf(session, first.user_id, first.job_id)
    if shelf is None or shelf.generation != first.generation:
        index_transcript(session, first.user_id, first.job_id, first.generation)
        return
    ordered = sorted(rows, key=lambda row: (row.start, row.end, row.index))
    _add(session, shelf, (_Passage(row.index, row.start, row.text) for row in ordered))


def remove_entries(session: Session, user_id: str, job_id: str, indexes: Sequence[int]) -> None:
    """Let these segments of an owner's job not be found any more."""
    for start in range(0, len(indexes), BATCH):
        some = indexes[start : start + BATCH]
        mine = (SearchEntry.user_id == user_id, SearchEntry.job_id == job_id)
        session.execute(delete(SearchEntry).where(*mine, SearchEntry.segment_index.in_(some)))


def forget_entries(session: Session, user_id: str, job_id: str) -> None:
    """Let nothing of an owner's transcript be found any more."""
    for table in (SearchEntry, SearchTranscript):
        session.execute(delete(table).where(table.user_id == user_id, table.job_id == job_id))


def _find_shelf(session: Session, user_id: str, job_id: str) -> SearchTranscript | None:
    mine = (SearchTranscript.user_id == user_id, SearchTranscript.job_id == job_id)
    return session.scalar(select(SearchTranscript).where(*mine))


def _add_shelf(session: Session, user_id: str, job_id: str, generation: int) -> SearchTranscript:
    shelf = SearchTranscript(user_id=user_id, job_id=job_id, generation=generation)
    session.add(shelf)
    session.flush()
    return shelf


def _add(session: Session, shelf: SearchTranscript, passages: Iterable[_Passage]) -> None:
    mine = select(SearchEntry.id).where(SearchEntry.job_id == shelf.job_id)
    taken = set(session.scalars(mine))
    user_id, job_id = shelf.user_id, shelf.job_id
    passages = iter(passages)
    while some := list(islice(passages, BATCH)):
        ids = [_take_id(taken, shelf.ordinal, each.start) for each in some]
        session.execute(
            insert(SearchEntry),
            [
                {
                    "id": id_,
                    "job_id": job_id,
                    "user_id": user_id,
                    "segment_index": each.segment_index,
                }
                for id_, each in zip(ids, some, strict=True)
            ],
        )
        documents = [
            Document(id_, user_id, list_owned_terms(user_id, each.text))
            for id_, each in zip(ids, some, strict=True)
        ]
        get_index(session).add(session, documents)


def _take_id(taken: set[int], ordinal: int, start: float) -> int:
    """The first free id from where a segment belongs."""
    shelf = (MAX_ORDINAL - ordinal) << PLACE_BITS
    place = min(max(round(start * 1000), 0), LAST_PLACE)
    while shelf + place in taken:
        place += 1
    taken.add(shelf + place)
    return shelf + place
