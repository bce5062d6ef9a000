"""The SQL that counts what ended in a period: by kind of job and by account, in one reading."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import (
    CTE,
    ColumnElement,
    String,
    and_,
    func,
    null,
    or_,
    select,
    tuple_,
    type_coerce,
    union_all,
)
from sqlalchemy.orm import InstrumentedAttribute, Session

from transcriber.admin.statistics.moments import number_step
from transcriber.admin.statistics.period import Period
from transcriber.infra.ownership import for_everybody
from transcriber.jobs.models import Job
from transcriber.recordings.models import Recording

OWNERS_SHOWN = 50

Seconds = ColumnElement[float | None] | InstrumentedAttribute[float | None]


class Group(NamedTuple):
    """Jobs that ended alike.

    Attributes:
        user_id: Theirs, where they are counted by account; the next three are null then.
        model: As the other two, where they are counted by kind.
        step: In which they ended, counted from 1970.
        error_code: Null where there is none.
        state: In which they ended.
        jobs: How many.
        unknown: How many of them have no `Job.audio_seconds`.
        audio: Sum of the lengths of their recordings.
        speech: Sum of what of it was transcribed.
        owners: Of how many accounts jobs ended, where they are counted by account.
    """

    user_id: str | None
    model: str
    step: int
    error_code: str | None
    state: str
    jobs: int
    unknown: int
    audio: float
    speech: float
    owners: int | None


def count_groups(session: Session, period: Period, audio: Seconds) -> Sequence[Group]:
    """All kinds of jobs, and behind them the accounts with the most jobs.

    Args:
        session: Of either database.
        period: When they ended.
        audio: The length of a job's recording, in seconds.
    """
    groups = _group(session, period, audio)
    total = func.sum(groups.c.jobs)
    busiest = (
        # How many there are is counted before all but these are left out.
        select(groups.c.user_id, func.count().over().label("owners"))
        .where(groups.c.user_id.is_not(None))
        .group_by(groups.c.user_id)
        .order_by(total.desc(), groups.c.user_id)
        .limit(OWNERS_SHOWN)
        .subquery()
    )
    query = (
        select(groups, busiest.c.owners)
        .outerjoin(busiest, busiest.c.user_id == groups.c.user_id)
        .where(or_(groups.c.user_id.is_(None), busiest.c.user_id.is_not(None)))
    )
    return [Group(*row) for row in session.execute(query)]


@for_everybody
def look_up_audio() -> ColumnElement[float | None]:
    """The length of a job's recording, from there where the job itself does not know it."""
    length = select(Recording.duration_seconds).where(Recording.id == Job.recording_id)
    return func.coalesce(Job.audio_seconds, length.scalar_subquery())


@for_everybody
def has_ended(period: Period) -> ColumnElement[bool]:
    """Whether a job ended in the period."""
    return and_(Job.finished_at >= period.since, Job.finished_at < period.until)


@for_everybody
def _group(session: Session, period: Period, audio: Seconds) -> CTE:
    step = number_step(session, Job.finished_at, period.step_seconds)
    kind: tuple[Any, ...] = (Job.model, step, Job.error_code)
    sums = (
        Job.state,
        func.count().label("jobs"),
        (func.count() - func.count(Job.audio_seconds)).label("unknown"),
        func.coalesce(func.sum(audio), 0.0).label("audio"),
        func.coalesce(func.sum(Job.done_seconds), 0.0).label("speech"),
    )
    names = ("model", "step", "error_code")
    labelled = [each.label(name) for each, name in zip(kind, names, strict=True)]
    if session.get_bind().dialect.name == "sqlite":
        no_owner = type_coerce(null(), String).label("user_id")
        no_kind = [null().label(name) for name in names]
        by_kind = select(no_owner, *labelled, *sums).group_by(*kind, Job.state)
        by_owner = select(Job.user_id, *no_kind, *sums).group_by(Job.user_id, Job.state)
        return union_all(*(each.where(has_ended(period)) for each in (by_kind, by_owner))).cte(
            "groups"
        )
    # Reading the rows of a month takes longer than counting them twice.
    sets = func.grouping_sets(tuple_(*kind, Job.state), tuple_(Job.user_id, Job.state))
    query = select(Job.user_id, *labelled, *sums).where(has_ended(period)).group_by(sets)
    return query.cte("groups")
