"""Exact percentiles on both databases, interpolated between neighbours as by `PERCENTILE_CONT`."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    Subquery,
    cast,
    func,
    literal,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import Session

MEDIAN, HIGH = 0.5, 0.95
MARKS = 4
"""Of one column: average, median, 95th percentile and longest."""
VALUE = "value"

Group = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Marks:
    """How the values of one group are spread."""

    count: int
    average: float
    median: float
    p95: float
    longest: float


def measure_spreads(session: Session, values: Subquery) -> dict[Group, Marks]:
    """The marks of each group that has values.

    Args:
        session: Of either database.
        values: A column `value`, which is never null; all others are texts and make the groups.
    """
    groups = [column for column in values.c if column.key != VALUE]
    if session.get_bind().dialect.name == "sqlite":
        return _rank(session, groups, values.c[VALUE])
    return _aggregate(session, groups, values.c[VALUE])


def measure_columns(session: Session, values: Select[*tuple[Any, ...]]) -> dict[str, Marks]:
    """The marks of each column, by its name; empty where there are no rows.

    Args:
        session: Of either database.
        values: Numbers that are never null.
    """
    # The offset keeps PostgreSQL from computing a value anew for each of its marks.
    rows = values.offset(0).cte("measured")
    if session.get_bind().dialect.name == "sqlite":
        parts = [select(literal(each.key).label("part"), each.label(VALUE)) for each in rows.c]
        ranked = union_all(*parts).subquery()
        return {part: marks for (part,), marks in measure_spreads(session, ranked).items()}
    marks = [mark for each in rows.c for mark in _mark(each)]
    count, *found = session.execute(select(func.count(), *marks)).one()
    if not count:
        return {}
    return {
        each.key: Marks(count, *map(float, found[place : place + MARKS]))
        for place, each in zip(range(0, len(found), MARKS), rows.c, strict=True)
    }


def _aggregate(
    session: Session, groups: Sequence[ColumnElement[Any]], value: ColumnElement[float]
) -> dict[Group, Marks]:
    numbers = (func.count(), *_mark(value))
    found: dict[Group, Marks] = {}
    for row in session.execute(select(*groups, *numbers).group_by(*groups)):
        group, (count, *marks) = tuple(row[: len(groups)]), row[len(groups) :]
        if count:
            found[group] = Marks(count, *map(float, marks))
    return found


def _mark(value: ColumnElement[float]) -> tuple[ColumnElement[float], ...]:
    # Both percentiles come from one sorting.
    median, high = (func.percentile_cont(share).within_group(value) for share in (MEDIAN, HIGH))
    return (func.avg(value), median, high, func.max(value))


def _rank(
    session: Session, groups: Sequence[ColumnElement[Any]], value: ColumnElement[float]
) -> dict[Group, Marks]:
    """Number the values of each group, and read only those that a mark lies between."""
    count = func.count().over(partition_by=groups).label("count")
    ranked = select(
        *groups,
        value.label(VALUE),
        (func.row_number().over(partition_by=groups, order_by=value) - 1).label("place"),
        count,
        func.avg(value).over(partition_by=groups).label("average"),
    ).subquery()
    place, last = ranked.c.place, ranked.c.count - 1
    before = [cast(share * last, Integer) for share in (MEDIAN, HIGH)]
    is_wanted = [place == each for each in before] + [place == each + 1 for each in before]
    query = select(ranked).where(or_(*is_wanted, place == last))
    rows: Sequence[Any] = session.execute(query).all()
    known: dict[Group, dict[int, float]] = defaultdict(dict)
    sizes: dict[Group, tuple[int, float]] = {}
    for *group, number, position, size, average in rows:
        known[tuple(group)][position] = float(number)
        sizes[tuple(group)] = size, float(average)
    return {
        group: Marks(
            size,
            average,
            _interpolate(known[group], size, MEDIAN),
            _interpolate(known[group], size, HIGH),
            known[group][size - 1],
        )
        for group, (size, average) in sizes.items()
    }


def _interpolate(known: dict[int, float], size: int, share: float) -> float:
    place = share * (size - 1)
    before = int(place)
    after = min(before + 1, size - 1)
    return known[before] + (known[after] - known[before]) * (place - before)
