"""The SQL of what ended in a period: read once, and counted by whatever is asked."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    Select,
    String,
    case,
    cast,
    func,
    literal,
    select,
    union_all,
)
from sqlalchemy.orm import Session

from transcriber.accounts.models import Account
from transcriber.admin.statistics.moments import count_seconds, number_step
from transcriber.admin.statistics.period import Period
from transcriber.admin.statistics.spreads import VALUE, Group, Marks, measure_spreads
from transcriber.infra.ownership import for_everybody
from transcriber.jobs.models import Job
from transcriber.jobs.states import JobState
from transcriber.recordings.models import Recording

OWNERS_SHOWN = 50
ENDS = (JobState.COMPLETED, JobState.FAILED, JobState.CANCELLED, JobState.QUARANTINED)
NAMELESS = "unknown"
"""Stands for a failure without a code, as older versions may have left them."""

Counts = Mapping[str, float]
"""By the names of `schemas.EndedJobs`."""


@dataclass(frozen=True, slots=True)
class Ended:
    """Counts of the jobs that ended in a period.

    Attributes:
        models: By model.
        steps: By step of the period; those in which nothing ended are missing.
        owners: By account, the busiest ones alone.
        owner_count: How many accounts there are with and without these.
        failures: By error code, how many jobs.
    """

    models: Mapping[str, Counts]
    steps: Mapping[int, Counts]
    owners: Mapping[str, Counts]
    owner_count: int
    failures: Mapping[str, int]


@for_everybody
def count_ended(session: Session, period: Period) -> Ended:
    """Count in one statement, which reads each job once."""
    ended = _list_ended(session, period)
    has_failed = ended.c.state.in_((JobState.FAILED, JobState.QUARANTINED))
    owners = _group(ended, "owner", ended.c.user_id)
    busiest = owners.order_by(func.count().desc(), ended.c.user_id).limit(OWNERS_SHOWN).subquery()
    nothing = [literal(0.0)] * (len(ENDS) + 2)
    rows: Sequence[Any] = session.execute(
        union_all(
            _group(ended, "model", ended.c.model),
            _group(ended, "step", ended.c.step),
            _group(ended, "failure", ended.c.error_code).where(has_failed),
            select(busiest),
            select(
                literal("owners"),
                literal(""),
                func.count(ended.c.user_id.distinct()),
                *nothing,
            ),
        )
    ).all()
    names = ("ended", *map(str, ENDS), "audio_seconds", "speech_seconds")
    found: dict[str, dict[str, Counts]] = defaultdict(dict)
    for kind, key, *numbers in rows:
        found[kind][key] = dict(zip(names, numbers, strict=True))
    return Ended(
        models=found["model"],
        steps={int(step): counts for step, counts in found["step"].items()},
        owners=found["owner"],
        owner_count=int(found["owners"][""]["ended"]),
        failures={code: int(counts["ended"]) for code, counts in found["failure"].items()},
    )


@for_everybody
def count_submitted(session: Session, period: Period) -> dict[int, int]:
    """How many jobs came in each step; those in which none came are missing."""
    step = number_step(session, Job.created_at, period.step_seconds)
    rows = session.execute(
        select(step, func.count())
        .where(Job.created_at >= period.since, Job.created_at < period.until)
        .group_by(step)
    )
    return {int(number): count for number, count in rows}


@for_everybody
def measure_durations(session: Session, period: Period) -> Mapping[Group, Marks]:
    """How long the jobs completed in the period waited, ran, and took together."""
    completed = (
        select(Job.queued_at, Job.started_at, Job.finished_at)
        .where(*_is_completed(period), Job.started_at.is_not(None))
        .cte("completed")
    )
    queued, started, finished = (
        completed.c[name] for name in ("queued_at", "started_at", "finished_at")
    )
    parts = {"wait": (started, queued), "run": (finished, started), "total": (finished, queued)}
    values = [
        select(literal(name).label("part"), count_seconds(session, later, earlier).label(VALUE))
        for name, (later, earlier) in parts.items()
    ]
    return measure_spreads(session, union_all(*values).subquery())


@for_everybody
def measure_factors(session: Session, period: Period) -> Mapping[Group, Marks]:
    """The real-time factors of the jobs completed in the period, by model and device."""
    values = select(
        Job.model,
        Job.device,
        (Job.busy_seconds / Job.done_seconds).label(VALUE),
    ).where(*_is_completed(period), Job.device.is_not(None), Job.done_seconds > 0)
    return measure_spreads(session, values.where(Job.busy_seconds > 0).subquery())


def name_accounts(session: Session, user_ids: list[str]) -> dict[str, str]:
    """The names of those of the accounts that there are."""
    rows = session.execute(select(Account.id, Account.name).where(Account.id.in_(user_ids)))
    return dict(rows.all())


@for_everybody
def _list_ended(session: Session, period: Period) -> CTE:
    return (
        select(
            Job.state,
            Job.model,
            Job.user_id,
            func.coalesce(Job.error_code, NAMELESS).label("error_code"),
            cast(number_step(session, Job.finished_at, period.step_seconds), String).label("step"),
            case((Job.state == JobState.COMPLETED, Recording.duration_seconds)).label("audio"),
            case((Job.state == JobState.COMPLETED, Job.done_seconds)).label("speech"),
        )
        .join(Recording, Recording.id == Job.recording_id)
        .where(Job.finished_at >= period.since, Job.finished_at < period.until)
        .cte("ended")
    )


def _group(ended: CTE, kind: str, key: ColumnElement[str]) -> Select[Any]:
    ends = [func.sum(case((ended.c.state == state, 1), else_=0)) for state in ENDS]
    sums = [func.coalesce(func.sum(ended.c[name]), 0.0) for name in ("audio", "speech")]
    return select(
        literal(kind).label("kind"), key.label("key"), func.count(), *ends, *sums
    ).group_by(key)


@for_everybody
def _is_completed(period: Period) -> tuple[ColumnElement[bool], ...]:
    is_in = (Job.finished_at >= period.since, Job.finished_at < period.until)
    return (Job.state == JobState.COMPLETED, *is_in)
