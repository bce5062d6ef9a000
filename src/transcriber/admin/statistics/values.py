"""What single jobs took, out of the database into arrays, each job read once."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import Session

from transcriber.admin.statistics.groups import has_ended
from transcriber.admin.statistics.moments import count_seconds
from transcriber.admin.statistics.period import Period
from transcriber.infra.database import BINARY_ANSWER
from transcriber.infra.ownership import for_everybody
from transcriber.jobs.models import Job
from transcriber.jobs.states import JobState

Numbers = NDArray[np.float64]

STRETCH = timedelta(days=31)
"""What one statement reads: until it is sent, the server has all of it in memory."""
ROWS_AT_ONCE = 10_000

# What PostgreSQL's `array_send` (utils/adt/arrayfuncs.c) writes of doubles without a null: number
# of dimensions, whether there are nulls, type, length, first index; then each behind its size.
_HEADER_BYTES = 5 * 4
_ELEMENT = np.dtype([("size", ">i4"), ("value", ">f8")])


class Values(NamedTuple):
    """Of completed jobs with one model and device.

    Attributes:
        wait: Seconds until a worker began.
        run: Seconds from then to the end, of the same jobs in the same order.
        factor: Real-time factors, of those jobs that have one.
    """

    model: str
    device: str | None
    wait: Numbers
    run: Numbers
    factor: Numbers


def read_values(session: Session, period: Period) -> Iterator[Values]:
    """All there are of the jobs completed in the period, in parts.

    Args:
        session: Of either database.
        period: When they were completed.
    """
    read = _read_rows if session.get_bind().dialect.name == "sqlite" else _read_arrays
    for stretch in period.cut(STRETCH):
        yield from read(session, stretch)


@for_everybody
def _read_arrays(session: Session, period: Period) -> Iterator[Values]:
    wait, run, factor = (
        func.array_send(func.array_agg(value).filter(is_there))
        for value, is_there in _select_values(session)
    )
    query = select(Job.model, Job.device, wait, run, factor).where(*_is_completed(period))
    grouped = query.group_by(Job.model, Job.device).execution_options(**BINARY_ANSWER)
    for row in session.execute(grouped):
        yield Values(row[0], row[1], _unpack(row[2]), _unpack(row[3]), _unpack(row[4]))


@for_everybody
def _read_rows(session: Session, period: Period) -> Iterator[Values]:
    wait, run, factor = (case((is_there, value)) for value, is_there in _select_values(session))
    query = select(Job.model, Job.device, wait, run, factor).where(*_is_completed(period))
    for rows in session.execute(query.execution_options(yield_per=ROWS_AT_ONCE)).partitions():
        kinds: defaultdict[tuple[str, str | None], list[Sequence[Any]]] = defaultdict(list)
        for row in rows:
            kinds[row[0], row[1]].append(row[2:])
        for (model, device), found in kinds.items():
            columns = np.array(found, np.float64).T
            yield Values(model, device, *(each[~np.isnan(each)] for each in columns))


@for_everybody
def _select_values(
    session: Session,
) -> tuple[tuple[ColumnElement[float], ColumnElement[bool]], ...]:
    """What is read of a job, and whether it has that."""
    has_begun = Job.started_at.is_not(None)
    return (
        (count_seconds(session, Job.started_at, Job.queued_at), has_begun),
        (count_seconds(session, Job.finished_at, Job.started_at), has_begun),
        (Job.busy_seconds / Job.done_seconds, (Job.done_seconds > 0) & (Job.busy_seconds > 0)),
    )


@for_everybody
def _is_completed(period: Period) -> tuple[ColumnElement[bool], ...]:
    return (Job.state == JobState.COMPLETED, has_ended(period))


def _unpack(sent: bytes | None) -> Numbers:
    if sent is None:
        return np.zeros(0)
    return np.frombuffer(sent, _ELEMENT, offset=_HEADER_BYTES)["value"].astype(np.float64)
