"""The index on PostgreSQL: a table of `tsvector` under a GIN index.

The vectors are written out here, term by term, and no text search configuration takes part: what it
would make of a text depends on the server's locale.  Deleting an entry deletes its row.
"""

from collections.abc import Sequence

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    FromClause,
    MetaData,
    Select,
    String,
    Table,
    cast,
    func,
    insert,
    select,
)
from sqlalchemy.dialects.postgresql import TSQUERY, TSVECTOR
from sqlalchemy.orm import Session

from transcriber.transcripts.search.index import Document, SearchIndex, Wanted, tell_shelf
from transcriber.transcripts.search.owned_terms import derive_owner_key
from transcriber.transcripts.search.query import Phrase, SearchQuery

WALKED = 1_000
"""Segments that are looked at one after the other; a word in one of fifty fills a page of them."""

_TABLE = Table(
    "search_index",
    MetaData(),
    Column("id", BigInteger),
    Column("user_id", String(64)),
    Column("terms", TSVECTOR),
)


class TsvectorIndex(SearchIndex):
    """Terms as lexemes with their places."""

    def add(self, session: Session, documents: Sequence[Document]) -> None:
        """Add a row for each."""
        rows = [
            {"id": each.id, "user_id": each.user_id, "terms": _write_vector(each.terms)}
            for each in documents
        ]
        if rows:
            session.execute(insert(_TABLE), rows)

    def find(self, session: Session, wanted: Wanted) -> Sequence[int]:
        """What the newest segments have, and where that is no page, what the terms' lists have.

        Left alone, the planner would bet on one of the two, and lose where words are more or less
        frequent than it thinks: a walk for a rare word passes everything the owner ever said.
        """
        asked = cast(write_tsquery(wanted.query, derive_owner_key(wanted.user_id)), TSQUERY)
        newest = (
            select(_TABLE.c.id, _TABLE.c.terms)
            .where(*_list_bounds(_TABLE, wanted))
            .order_by(_TABLE.c.id)
            .limit(WALKED)
            .subquery()
        )
        walk = select(newest.c.id).where(newest.c.terms.op("@@")(asked))
        found = session.scalars(_end(walk, newest.c.id, wanted)).all()
        if len(found) == wanted.limit:
            return found
        if session.scalar(select(func.count()).select_from(newest)) != WALKED:
            # The walk came to the end.
            return found
        # The offset of nothing keeps the planner from looking through: all that is left to it is
        # the index of terms, in which the owner's stand apart.
        listed = (
            select(_TABLE.c.id, _TABLE.c.user_id)
            .where(_TABLE.c.terms.op("@@")(asked))
            .offset(0)
            .subquery()
        )
        rest = select(listed.c.id).where(*_list_bounds(listed, wanted))
        return session.scalars(_end(rest, listed.c.id, wanted)).all()

    def purge(self, session: Session) -> bool:  # noqa: ARG002 -- the signature is the index's
        """Nothing to do: the server's own vacuum does it, as for every table."""
        return True


def _list_bounds(table: FromClause, wanted: Wanted) -> Sequence[ColumnElement[bool]]:
    place = table.c.id
    return table.c.user_id == wanted.user_id, place > wanted.after, place <= wanted.upto


def _end(query: Select[int], place: ColumnElement[int], wanted: Wanted) -> Select[int]:
    if wanted.shelves is not None:
        query = query.where(tell_shelf(place).in_(wanted.shelves))
    return query.order_by(place).limit(wanted.limit)


def write_tsquery(query: SearchQuery, key: str) -> str:
    """The query in PostgreSQL's language; terms are letters and digits, and quoted all the same."""
    groups = [" | ".join(_write(phrase, key) for phrase in group) for group in query.required]
    pieces = [f"({group})" for group in groups]
    pieces += [f"!{_write(phrase, key)}" for phrase in query.excluded]
    return " & ".join(pieces)


def _write(phrase: Phrase, key: str) -> str:
    text = " <-> ".join(f"'{key}{term}'" for term in phrase.terms)
    return f"({text}{':*' if phrase.is_beginning else ''})"


def _write_vector(terms: Sequence[str]) -> str:
    return " ".join(f"'{term}':{place}" for place, term in enumerate(terms, 1))
