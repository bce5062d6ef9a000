"""The measurements of all processes: what each of them saw lately, and all of it together."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import JSON, Float, Index, String, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from transcriber.infra.clock import read_database_time
from transcriber.infra.database import Base, UnitOfWork, UtcDateTime
from transcriber.infra.meter import Amount, Amounts, SeriesKey
from transcriber.infra.metric_families import (
    BOUNDS,
    GAUGES,
    LABELS,
    MOST_VALUES,
    OTHER,
    SUMMED_GAUGES,
)

LOCK = "metric-totals"
KEEP_FOR = timedelta(hours=2)
GAUGES_HOLD_FOR = timedelta(seconds=30)
"""A process that said nothing for so long is gone, and what it said with it."""

Gauges = Mapping[SeriesKey, float]
NO_GAUGES: Gauges = {}


class MetricDelta(Base):
    """What one process observed between two writings.

    Attributes:
        process_id: Random, made at the process's start.
        written_at: By the database's clock; the observations came in the seconds before.
        series: A list of name, label values, counts by upper bound, and sum.  A counter has no
            counts; a gauge has none either, and its value for a sum.
    """

    __tablename__ = "metric_deltas"
    __table_args__ = (Index("ix_metric_deltas_written_at", "written_at"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    process_id: Mapped[str] = mapped_column(String(32))
    written_at: Mapped[datetime] = mapped_column(UtcDateTime)
    series: Mapped[list[list[Any]]] = mapped_column(JSON)


class MetricTotal(Base):
    """All that all processes ever observed of one series, whether they still live or not.

    Attributes:
        sum_seconds: Of a histogram's observations; of a counter its value, whatever it counts.
    """

    __tablename__ = "metric_totals"

    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    labels: Mapped[str] = mapped_column(String(255), primary_key=True)
    counts: Mapped[dict[str, int]] = mapped_column(JSON)
    sum_seconds: Mapped[float] = mapped_column(Float)


@dataclass(frozen=True, slots=True)
class Writing:
    """What a process observed in the seconds before it wrote."""

    process_id: str
    written_at: datetime
    amounts: Sequence[tuple[SeriesKey, Amount]]


def add_changes(
    uow: UnitOfWork, process_id: str, changes: Amounts, gauges: Gauges = NO_GAUGES
) -> None:
    """Write what came since the last time, for the windows and for ever, and what is at present.

    Raises:
        sqlalchemy.exc.OperationalError: when the database is away or busy beyond its bound.
    """
    if changes:
        _add_to_totals(uow, changes)
    series = [
        [key.name, list(key.labels), dict(amount.counts), amount.total]
        for key, amount in changes.items()
    ]
    series += [[key.name, list(key.labels), {}, value] for key, value in gauges.items()]
    uow.session.add(
        MetricDelta(
            process_id=process_id, written_at=read_database_time(uow.session), series=series
        )
    )


def _add_to_totals(uow: UnitOfWork, changes: Amounts) -> None:
    # Processes take turns, so that none adds to what another has just read.
    uow.acquire_lock(LOCK)
    labels = [key.write_labels() for key in changes]
    totals = uow.session.scalars(select(MetricTotal).where(MetricTotal.labels.in_(labels)))
    known = {(row.name, row.labels): row for row in totals}
    for key, amount in changes.items():
        row = known.get((key.name, key.write_labels())) or _add_total(uow.session, key)
        total = Amount(row.counts, row.sum_seconds).add(amount)
        row.counts, row.sum_seconds = dict(total.counts), total.total


def _add_total(session: Session, key: SeriesKey) -> MetricTotal:
    """The row of a series that is new, or that of `other` where there are enough of its kind."""
    bounded = _bound_labels(session, key)
    row = session.get(MetricTotal, (bounded.name, bounded.write_labels()))
    if row is None:
        row = MetricTotal(
            name=bounded.name, labels=bounded.write_labels(), counts={}, sum_seconds=0.0
        )
        session.add(row)
        session.flush()
    return row


def _bound_labels(session: Session, key: SeriesKey) -> SeriesKey:
    names = LABELS[key.name]
    if not MOST_VALUES.keys() & set(names):
        return key
    rows = session.scalars(select(MetricTotal.labels).where(MetricTotal.name == key.name))
    values = list(zip(*map(json.loads, rows), strict=True)) or [()] * len(names)
    labels = [
        value if value in seen or len(set(seen)) < MOST_VALUES.get(name, len(seen) + 1) else OTHER
        for name, value, seen in zip(names, key.labels, values, strict=True)
    ]
    return SeriesKey(key.name, tuple(labels))


def forget_changes(uow: UnitOfWork) -> None:
    """Remove what no window reaches back to."""
    before = read_database_time(uow.session) - KEEP_FOR
    uow.session.execute(delete(MetricDelta).where(MetricDelta.written_at < before))


def list_changes(session: Session, since: datetime) -> Iterator[Writing]:
    """All observations of histograms that were written after a time."""
    query = select(MetricDelta.process_id, MetricDelta.written_at, MetricDelta.series)
    rows = session.execute(query.where(MetricDelta.written_at > since))
    for process_id, written_at, series in rows:
        amounts = [
            (SeriesKey(name, tuple(labels)), Amount(counts, seconds))
            for name, labels, counts, seconds in series
            if name in BOUNDS
        ]
        if amounts:
            yield Writing(process_id, written_at, amounts)


def read_totals(session: Session) -> dict[SeriesKey, Amount]:
    """Everything that was ever written, in the order of its labels."""
    rows = session.scalars(select(MetricTotal).order_by(MetricTotal.name, MetricTotal.labels))
    return {
        SeriesKey(row.name, tuple(json.loads(row.labels))): Amount(row.counts, row.sum_seconds)
        for row in rows
    }


def read_gauges(session: Session) -> dict[SeriesKey, float]:
    """What the processes say is at present, each by its newest word of the last seconds."""
    since = read_database_time(session) - GAUGES_HOLD_FOR
    rows = session.execute(
        select(MetricDelta.process_id, MetricDelta.series)
        .where(MetricDelta.written_at > since)
        .order_by(MetricDelta.id.desc())
    )
    heard: set[str] = set()
    gauges: dict[SeriesKey, float] = {}
    for process_id, series in rows:
        if process_id in heard:
            continue
        heard.add(process_id)
        for name, labels, _, value in series:
            key = SeriesKey(name, tuple(labels))
            if name in SUMMED_GAUGES:
                gauges[key] = gauges.get(key, 0.0) + value
            elif name in GAUGES:
                gauges.setdefault(key, value)
    return gauges
