"""The index on SQLite: an FTS5 table.

Its tokenizer divides at spaces and nothing else, because what it is given are folded terms; a
trigger takes the terms of an entry that is deleted out.
"""

from collections.abc import Sequence

from sqlalchemy import (
    BigInteger,
    Column,
    MetaData,
    Table,
    Text,
    column,
    exists,
    insert,
    select,
    text,
)
from sqlalchemy.orm import Session

from transcriber.transcripts.search.index import Document, SearchIndex, Wanted, tell_shelf
from transcriber.transcripts.search.models import SearchEntry
from transcriber.transcripts.search.owned_terms import derive_owner_key
from transcriber.transcripts.search.query import Phrase, SearchQuery

PURGE_PAGES = 500
"""Pages of about 4 KiB: some hundredths of a second in which nobody else writes."""

_COUNT_CHANGES = text("SELECT total_changes()")
_FEWEST_CHANGES = 2
_MERGE = text("INSERT INTO search_index (search_index, rank) VALUES ('merge', :pages)")
_END_PURGE = text("DELETE FROM search_index_purge")
_GO_ON_PURGING = text("UPDATE search_index_purge SET is_begun = 1")
_TABLE = Table("search_index", MetaData(), Column("rowid", BigInteger), Column("terms", Text))


class Fts5Index(SearchIndex):
    """Terms as words of a text, entries as its row ids."""

    def add(self, session: Session, documents: Sequence[Document]) -> None:
        """Add a row for each."""
        rows = [{"rowid": each.id, "terms": " ".join(each.terms)} for each in documents]
        if rows:
            session.execute(insert(_TABLE), rows)

    def find(self, session: Session, wanted: Wanted) -> Sequence[int]:
        """FTS5 walks its list of row ids in their order, and stops with the page."""
        place = _TABLE.c.rowid
        expression = write_match(wanted.query, derive_owner_key(wanted.user_id))
        # Two accounts may share a key, and then neither's hits may take the other's places.
        is_owned = exists().where(SearchEntry.id == place, SearchEntry.user_id == wanted.user_id)
        query = select(place).where(
            column(_TABLE.name).match(expression),
            place > wanted.after,
            place <= wanted.upto,
            is_owned,
        )
        if wanted.shelves is not None:
            query = query.where(tell_shelf(place).in_(wanted.shelves))
        return session.scalars(query.order_by(place).limit(wanted.limit)).all()

    def purge(self, session: Session) -> bool:
        """FTS5 notes deletions beside the terms, which stay until its segments are merged.

        The trigger leaves a mark that there is something to merge; a step rewrites some pages.
        """
        begun = session.scalar(text("SELECT is_begun FROM search_index_purge"))
        if begun is None:
            return True
        before = session.scalar(_COUNT_CHANGES) or 0
        # A negative number begins a merge of everything, a positive one goes on with it.
        pages = PURGE_PAGES if begun else -PURGE_PAGES
        session.execute(_MERGE, {"pages": pages})
        # Less than two: there was nothing left to merge.
        is_last = bool(begun) and (session.scalar(_COUNT_CHANGES) or 0) - before < _FEWEST_CHANGES
        session.execute(_END_PURGE if is_last else _GO_ON_PURGING)
        return is_last


def write_match(query: SearchQuery, key: str) -> str:
    """The query in FTS5's language; terms are letters and digits, and quoted all the same."""
    groups = [" OR ".join(_write(phrase, key) for phrase in group) for group in query.required]
    whole = " AND ".join(f"({group})" for group in groups)
    if not query.excluded:
        return whole
    return f"({whole}) NOT ({' OR '.join(_write(phrase, key) for phrase in query.excluded)})"


def _write(phrase: Phrase, key: str) -> str:
    words = " ".join(key + term for term in phrase.terms)
    return f'"{words}" *' if phrase.is_beginning else f'"{words}"'
