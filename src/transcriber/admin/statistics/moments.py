"""Arithmetic on times that gives the same on both databases."""

from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Float, cast, extract, func
from sqlalchemy.orm import InstrumentedAttribute, Session

Moment = InstrumentedAttribute[Any] | ColumnElement[Any]
SECONDS_A_DAY = 86_400


def count_seconds(session: Session, later: Moment, earlier: Moment) -> ColumnElement[float]:
    """The seconds between two times; SQLite tells them to the millisecond."""
    if _is_sqlite(session):
        days = func.julianday(later) - func.julianday(earlier)
        return func.round(days * SECONDS_A_DAY, 3, type_=Float)
    return _count_epoch(later - earlier)


def number_step(session: Session, moment: Moment, step_seconds: int) -> ColumnElement[int]:
    """Which step of so many seconds a time lies in, counted from 1970 in UTC."""
    if _is_sqlite(session):
        # Whole seconds there, cut off and not rounded.
        return cast(extract("epoch", moment), BigInteger) // step_seconds
    return cast(func.floor(_count_epoch(moment)), BigInteger) // step_seconds


def _count_epoch(moment: Moment) -> ColumnElement[float]:
    # `extract` would give decimal fractions, which cost PostgreSQL several times as much.
    return func.date_part("epoch", moment, type_=Float)


def _is_sqlite(session: Session) -> bool:
    return session.get_bind().dialect.name == "sqlite"
