"""The measurements of all processes: what each of them saw lately, and all of it together."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import JSON, Float, Index, String, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from transcriber.infra.clock import read_database_time
from transcriber.infra.database import Base, UnitOfWork, UtcDateTime
from transcriber.infra.meter import Amount, Amounts, SeriesKey

LOCK = "metric-totals"
KEEP_FOR = timedelta(hours=2)


class MetricDelta(Base):
    """What one process observed between two writings.

    Attributes:
        process_id: Random, made at the process's start.
        written_at: By the database's clock; the observations came in the seconds before.
        series: A list of name, label values, counts by upper bound, and sum of seconds.
    """

    __tablename__ = "metric_deltas"
    __table_args__ = (Index("ix_metric_deltas_written_at", "written_at"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    process_id: Mapped[str] = mapped_column(String(32))
    written_at: Mapped[datetime] = mapped_column(UtcDateTime)
    series: Mapped[list[list[Any]]] = mapped_column(JSON)


class MetricTotal(Base):
    """All that all processes ever observed of one series, whether they still live or not."""

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


def add_changes(uow: UnitOfWork, process_id: str, changes: Amounts) -> None:
    """Write what came since the last time, for the windows and for ever.

    Raises:
        sqlalchemy.exc.OperationalError: when the database is away or busy beyond its bound.
    """
    # Processes take turns, so that none adds to what another has just read.
    uow.acquire_lock(LOCK)
    labels = [key.write_labels() for key in changes]
    totals = uow.session.scalars(select(MetricTotal).where(MetricTotal.labels.in_(labels)))
    known = {(row.name, row.labels): row for row in totals}
    for key, amount in changes.items():
        row = known.get((key.name, key.write_labels()))
        if row is None:
            row = MetricTotal(name=key.name, labels=key.write_labels(), counts={}, sum_seconds=0.0)
            uow.session.add(row)
        total = Amount(row.counts, row.sum_seconds).add(amount)
        row.counts, row.sum_seconds = dict(total.counts), total.sum_seconds
    uow.session.add(
        MetricDelta(
            process_id=process_id,
            written_at=read_database_time(uow.session),
            series=[
                [key.name, list(key.labels), dict(amount.counts), amount.sum_seconds]
                for key, amount in changes.items()
            ],
        )
    )


def forget_changes(uow: UnitOfWork) -> None:
    """Remove what no window reaches back to."""
    before = read_database_time(uow.session) - KEEP_FOR
    uow.session.execute(delete(MetricDelta).where(MetricDelta.written_at < before))


def list_changes(session: Session, since: datetime) -> Iterator[Writing]:
    """Everything that was written after a time."""
    query = select(MetricDelta.process_id, MetricDelta.written_at, MetricDelta.series)
    rows = session.execute(query.where(MetricDelta.written_at > since))
    for process_id, written_at, series in rows:
        amounts = [
            (SeriesKey(name, tuple(labels)), Amount(counts, seconds))
            for name, labels, counts, seconds in series
        ]
        yield Writing(process_id, written_at, amounts)


def read_totals(session: Session) -> dict[SeriesKey, Amount]:
    """Everything that was ever written, in the order of its labels."""
    rows = session.scalars(select(MetricTotal).order_by(MetricTotal.name, MetricTotal.labels))
    return {
        SeriesKey(row.name, tuple(json.loads(row.labels))): Amount(row.counts, row.sum_seconds)
        for row in rows
    }
