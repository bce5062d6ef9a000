"""What ended in a period, added up by whatever is asked."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from transcriber.accounts.models import Account
from transcriber.admin.statistics.groups import (
    Group,
    count_groups,
    has_ended,
    look_up_audio,
)
from transcriber.admin.statistics.moments import count_seconds, number_step
from transcriber.admin.statistics.period import Period
from transcriber.admin.statistics.spreads import (
    VALUE,
    Marks,
    measure_columns,
    measure_spreads,
)
from transcriber.infra.ownership import for_everybody
from transcriber.jobs.models import Job
from transcriber.jobs.states import JobState

ENDS = (JobState.COMPLETED, JobState.FAILED, JobState.CANCELLED, JobState.QUARANTINED)
FAILURES = (JobState.FAILED, JobState.QUARANTINED)
NAMELESS = "unknown"
"""Stands for a failure without a code, as older versions may have left them."""
COUNTED = ("ended", *map(str, ENDS), "audio_seconds", "speech_seconds")

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


def count_ended(session: Session, period: Period) -> Ended:
    """Count in one statement, which reads each job once."""
    found = count_groups(session, period, Job.audio_seconds)
    if any(group.unknown for group in found if group.state == JobState.COMPLETED):
        # A process of the version before completed some while the database was this one's already.
        found = count_groups(session, period, look_up_audio())
    models: dict[str, dict[str, float]] = defaultdict(_begin)
    steps: dict[int, dict[str, float]] = defaultdict(_begin)
    owners: dict[str, dict[str, float]] = defaultdict(_begin)
    failures: dict[str, int] = defaultdict(int)
    for group in found:
        if group.user_id is not None:
            _add(owners[group.user_id], group)
            continue
        _add(models[group.model], group)
        _add(steps[group.step], group)
        if group.state in FAILURES:
            failures[group.error_code or NAMELESS] += group.jobs
    return Ended(
        models=models,
        steps=steps,
        owners=owners,
        owner_count=max((group.owners or 0 for group in found), default=0),
        failures=failures,
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
def measure_durations(session: Session, period: Period) -> Mapping[str, Marks]:
    """How long the jobs completed in the period did `wait`, `run`, and took in `total`."""
    parts = {
        "wait": (Job.started_at, Job.queued_at),
        "run": (Job.finished_at, Job.started_at),
        "total": (Job.finished_at, Job.queued_at),
    }
    values = [count_seconds(session, *ends).label(part) for part, ends in parts.items()]
    return measure_columns(
        session, select(*values).where(*_is_completed(period), Job.started_at.is_not(None))
    )


@for_everybody
def measure_factors(session: Session, period: Period) -> Mapping[tuple[str, ...], Marks]:
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


def _begin() -> dict[str, float]:
    return dict.fromkeys(COUNTED, 0)


def _add(counts: dict[str, float], group: Group) -> None:
    counts["ended"] += group.jobs
    counts[group.state] += group.jobs
    if group.state == JobState.COMPLETED:
        counts["audio_seconds"] += group.audio
        counts["speech_seconds"] += group.speech


@for_everybody
def _is_completed(period: Period) -> tuple[ColumnElement[bool], ...]:
    return (Job.state == JobState.COMPLETED, has_ended(period))
