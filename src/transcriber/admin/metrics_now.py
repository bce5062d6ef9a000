"""How things stand at the moment of a scrape, read from the rows themselves."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from typing import get_args

from prometheus_client.core import GaugeMetricFamily, Metric
from sqlalchemy import case, func, or_, select
from sqlalchemy.orm import Session

from transcriber.admin.system.schemas import WorkerState
from transcriber.admin.system.workers import name_state
from transcriber.infra.clock import read_database_time
from transcriber.infra.heartbeats import list_heartbeats
from transcriber.infra.ownership import for_everybody
from transcriber.infra.worker_drains import list_drains
from transcriber.jobs.measurements import SpeedMeasurement, read_pace
from transcriber.jobs.models import Job, OutboxEntry
from transcriber.jobs.states import JobState

STAGES = ("wait", "blocked", "plan", "transcribe")
"""Of jobs that have not ended; blocked ones wait for something that is not a worker's time."""
MEASURED_MODELS = 32
"""Those that were worked with last."""


def show_now(session: Session) -> Iterator[Metric]:
    """The figures.

    Raises:
        sqlalchemy.exc.OperationalError: when the database is away.
    """
    now = read_database_time(session)
    yield _show_stages(session)
    yield _show_value(
        "transcriber_queue_oldest_seconds",
        "How long the job has waited that nothing but the want of a worker keeps; 0 without one.",
        _measure_age(_find_oldest_waiting(session, now), now),
    )
    yield from _show_outbox(session, now)
    yield _show_workers(session, now)
    yield _show_pace(session)


@for_everybody
def _show_stages(session: Session) -> Metric:
    stage = case(
        (Job.state == JobState.RUNNING, case((Job.pcm_key.is_(None), "plan"), else_="transcribe")),
        else_=case((Job.waiting_code.is_(None), "wait"), else_="blocked"),
    )
    query = select(stage, func.count()).where(Job.state.in_((JobState.QUEUED, JobState.RUNNING)))
    counts = {str(name): count for name, count in session.execute(query.group_by(stage))}
    family = GaugeMetricFamily(
        "transcriber_jobs_in_stage", "Jobs that have not ended, by stage.", labels=["stage"]
    )
    for name in STAGES:
        family.add_metric([name], counts.get(name, 0))
    return family


@for_everybody
def _find_oldest_waiting(session: Session, now: datetime) -> datetime | None:
    query = select(func.min(Job.queued_at)).where(
        Job.state == JobState.QUEUED,
        Job.cancel_requested_at.is_(None),
        Job.waiting_code.is_(None),
        or_(Job.not_before.is_(None), Job.not_before < now),
    )
    return session.scalar(query)


@for_everybody
def _show_outbox(session: Session, now: datetime) -> Iterator[Metric]:
    entries, oldest = session.execute(select(func.count(), func.min(OutboxEntry.created_at))).one()
    yield _show_value("transcriber_outbox_entries", "Wake-ups still to be published.", entries)
    yield _show_value(
        "transcriber_outbox_lag_seconds",
        "Age of the oldest wake-up that is still to be published; 0 without one.",
        _measure_age(oldest, now),
    )


def _show_workers(session: Session, now: datetime) -> Metric:
    drains = list_drains(session)
    counts = Counter(
        name_state(worker, drains.get(worker.slot or ""), now)
        for worker in list_heartbeats(session)
    )
    family = GaugeMetricFamily(
        "transcriber_workers",
        "Workers by state; stale ones vanished within the last day.",
        labels=["state"],
    )
    for state in get_args(WorkerState):
        family.add_metric([state], counts[state])
    return family


def _show_pace(session: Session) -> Metric:
    newest = (
        select(SpeedMeasurement.model)
        .group_by(SpeedMeasurement.model)
        .order_by(func.max(SpeedMeasurement.id).desc())
        .limit(MEASURED_MODELS)
    )
    pace = read_pace(session, session.scalars(newest).all(), ())
    family = GaugeMetricFamily(
        "transcriber_real_time_factor",
        "Seconds of work for a second of audio, of the newest measurements.",
        labels=["model", "device", "phase"],
    )
    for labels, factor in sorted(pace.factors.items()):
        family.add_metric(labels, factor)
    return family


def _show_value(name: str, text: str, value: float) -> Metric:
    return GaugeMetricFamily(name, text, value=value)


def _measure_age(since: datetime | None, now: datetime) -> float:
    return 0.0 if since is None else max(0.0, (now - since).total_seconds())
