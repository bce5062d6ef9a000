"""The orders a list of transcripts may have, and the places in them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal, Self

from sqlalchemy import ColumnElement, Select, tuple_
from sqlalchemy.orm import InstrumentedAttribute

from transcriber.infra.places import decode_place, encode_place, refuse_place
from transcriber.transcripts.models import TranscriptRow

TranscriptSort = Literal[
    "created_at", "-created_at", "name", "-name", "duration", "-duration"
]  # a leading minus turns the order round
NEWEST_FIRST: TranscriptSort = "-created_at"
_COLUMNS: dict[str, InstrumentedAttribute[Any]] = {
    "created_at": TranscriptRow.created_at,
    "name": TranscriptRow.name_key,
    "duration": TranscriptRow.duration_seconds,
}


@dataclass(frozen=True, slots=True)
class Order:
    """An order and, from the second page on, the row behind which it goes on.

    Attributes:
        after: That row's value in this order, and its job's id.
    """

    sort: TranscriptSort = NEWEST_FIRST
    after: tuple[Any, str] | None = None

    @classmethod
    def read(cls, sort: TranscriptSort, cursor: str | None) -> Self:
        """The order from the place a cursor names.

        Raises:
            InvalidError: when the cursor is none of this order.
        """
        if cursor is None:
            return cls(sort)
        kind = float if _name(sort) == "duration" else str
        sorted_by, value, job_id = decode_place(cursor, str, kind, str)
        if sorted_by != sort:
            raise refuse_place()
        return cls(sort, (_read_moment(value) if _name(sort) == "created_at" else value, job_id))

    def write(self, row: TranscriptRow) -> str:
        """The cursor behind a row."""
        value = getattr(row, _COLUMNS[_name(self.sort)].key)
        plain = value.isoformat() if isinstance(value, datetime) else value
        return encode_place(self.sort, plain, row.job_id)

    def apply(self, query: Select[TranscriptRow]) -> Select[TranscriptRow]:
        """The rows behind the place, in order."""
        key = (_COLUMNS[_name(self.sort)], TranscriptRow.job_id)
        is_falling = self.sort.startswith("-")
        if self.after is not None:
            query = query.where(_compare(tuple_(*key), self.after, is_falling=is_falling))
        return query.order_by(*(each.desc() if is_falling else each for each in key))


def _name(sort: TranscriptSort) -> str:
    return sort.removeprefix("-")


def _compare(key: Any, after: tuple[Any, str], *, is_falling: bool) -> ColumnElement[bool]:
    return key < after if is_falling else key > after


def _read_moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise refuse_place() from error
    # Ours are in UTC; another zone's time may not even be a time there.
    if moment.utcoffset() != timedelta():
        raise refuse_place()
    return moment
