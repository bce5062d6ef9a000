"""Lists in an order of the caller's choice, and the places in them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, ClassVar, Self, TypeVarTuple

from sqlalchemy import ColumnElement, Select, tuple_
from sqlalchemy.orm import InstrumentedAttribute

from transcriber.infra.places import decode_place, encode_place, refuse_place

NEWEST_FIRST = "-created_at"

Columns = TypeVarTuple("Columns")


@dataclass(frozen=True, slots=True)
class Order:
    """An order and, from the second page on, the row behind which it goes on.

    Attributes:
        COLUMNS: What rows may be sorted by, each with the kind of its values.
        ROW_ID: What tells rows with the same value apart.
        sort: A name of `COLUMNS`; a leading minus turns the order round.
        after: That row's value in this order, and its id.
    """

    COLUMNS: ClassVar[Mapping[str, tuple[InstrumentedAttribute[Any], type]]]
    ROW_ID: ClassVar[InstrumentedAttribute[str]]

    sort: str = NEWEST_FIRST
    after: tuple[Any, str] | None = None

    @classmethod
    def read(cls, sort: str, cursor: str | None) -> Self:
        """The order from the place a cursor names.

        Raises:
            InvalidError: when the cursor is none of this order.
        """
        if cursor is None:
            return cls(sort)
        _, kind = cls.COLUMNS[sort.removeprefix("-")]
        is_moment = kind is datetime
        sorted_by, value, row_id = decode_place(cursor, str, str if is_moment else kind, str)
        if sorted_by != sort:
            raise refuse_place()
        return cls(sort, (_read_moment(value) if is_moment else value, row_id))

    def write(self, row: Any) -> str:
        """The cursor behind a row."""
        column, row_id = self._key()
        value = getattr(row, column.key)
        plain = value.isoformat() if isinstance(value, datetime) else value
        return encode_place(self.sort, plain, getattr(row, row_id.key))

    def apply(self, query: Select[*Columns]) -> Select[*Columns]:
        """The rows behind the place, in order."""
        key = self._key()
        is_falling = self.sort.startswith("-")
        if self.after is not None:
            query = query.where(_compare(tuple_(*key), self.after, is_falling=is_falling))
        return query.order_by(*(each.desc() if is_falling else each for each in key))

    def _key(self) -> tuple[InstrumentedAttribute[Any], InstrumentedAttribute[str]]:
        # Of the class: an instance would be asked for the value of its own row.
        return self.COLUMNS[self.sort.removeprefix("-")][0], type(self).ROW_ID


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
