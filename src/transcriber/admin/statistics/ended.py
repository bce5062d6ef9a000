"""What ended in a period, added up by whatever is asked."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Integer, column, func, select, values
from sqlalchemy.orm import Session

from transcriber.accounts.models import Account
from transcriber.admin.statistics.groups import (
    Group,
    count_groups,
    look_up_audio,
)
from transcriber.admin.statistics.period import Period
from transcriber.infra.database import UtcDateTime
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
    """How many jobs came in each step of the period."""
    bounds = values(
        column("number", Integer), column("since", UtcDateTime), column("until", UtcDateTime)
    ).data([(number, *period.find_part(number)) for number in period.list_steps()])
    steps = bounds.cte("steps")
    # One stretch of an index for each, because to find each job's step takes longer.
    jobs = (
        select(func.count())
        .where(Job.created_at >= steps.c.since, Job.created_at < steps.c.until)
        .scalar_subquery()
    )
    return dict(session.execute(select(steps.c.number, jobs)).all())


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
