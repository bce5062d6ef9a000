"""The index on PostgreSQL: a table of `tsvector` under a GIN index.

The vectors are written out here, term by term, and no text search configuration takes part: what it
would make of a text depends on the server's locale.  Deleting an entry deletes its row.
"""

from collections.abc import Sequence

from sqlalchemy import BigInteger, Column, MetaData, String, Table, cast, insert, select
from sqlalchemy.dialects.postgresql import TSQUERY, TSVECTOR
from sqlalchemy.orm import Session

from transcriber.transcripts.search.index import Document, SearchIndex, Wanted
from transcriber.transcripts.search.models import PLACE_BITS
from transcriber.transcripts.search.owned_terms import derive_owner_key
from transcriber.transcripts.search.query import Phrase, SearchQuery

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
        """The planner chooses between the terms' list and the order of the ids."""
        place = _TABLE.c.id
        expression = write_tsquery(wanted.query, derive_owner_key(wanted.user_id))
        query = select(place).where(
            _TABLE.c.terms.op("@@")(cast(expression, TSQUERY)),
            _TABLE.c.user_id == wanted.user_id,
            place > wanted.after,
            place <= wanted.upto,
        )
        if wanted.shelves is not None:
            query = query.where(place.bitwise_rshift(PLACE_BITS).in_(wanted.shelves))
        return session.scalars(query.order_by(place).limit(wanted.limit)).all()

    def purge(self, session: Session) -> bool:  # noqa: ARG002 -- the signature is the index's
        """Nothing to do: the server's own vacuum does it, as for every table."""
        return True


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
