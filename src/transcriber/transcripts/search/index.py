"""One interface to both databases' ways of finding words."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from sqlalchemy import ColumnElement, Integer, Select, literal
from sqlalchemy.orm import Session

from transcriber.transcripts.search.models import PLACE_BITS
from transcriber.transcripts.search.query import SearchQuery


@dataclass(frozen=True, slots=True)
class Document:
    """A segment's terms under its entry's id."""

    id: int
    user_id: str
    terms: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What shall be found.

    Attributes:
        user_id: Whose segments.
        after: Only ids above this one.
        upto: Only ids up to this one.
        shelves: The high bits of the ids of transcripts that count, where not all do.
        limit: The most ids that are given.
    """

    user_id: str
    query: SearchQuery
    after: int
    upto: int
    shelves: Select[int] | None
    limit: int


class SearchIndex(Protocol):
    """Terms by entry.  Whoever deletes an entry has deleted its terms: the database sees to it."""

    def add(self, session: Session, documents: Sequence[Document]) -> None:
        """Keep the terms of new entries, whose rows are there already."""
        ...

    def find(self, session: Session, wanted: Wanted) -> Sequence[int]:
        """The ids of the entries that match, in their order."""
        ...

    def purge(self, session: Session) -> bool:
        """Take a step towards holding nothing of deleted entries; tells whether it was the last."""
        ...


def tell_shelf(entry_id: ColumnElement[int]) -> ColumnElement[int]:
    """The high bits of an entry's id, which its transcript's segments share."""
    # PostgreSQL shifts a long integer by a short one only.
    return entry_id.bitwise_rshift(literal(PLACE_BITS, Integer))
