"""The figures of jobs that have not ended: the very ones that polling gives."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import Session

from transcriber.infra.clock import read_database_time
from transcriber.jobs.events.schemas import JobProgressEvent, JobSnapshotEvent
from transcriber.jobs.events.watch import Watch
from transcriber.jobs.models import Job, JobEvent
from transcriber.jobs.progress import describe_jobs
from transcriber.jobs.repository import find_job
from transcriber.jobs.schemas import show_job
from transcriber.jobs.states import TERMINAL, JobState

FOLLOWED_PER_ACCOUNT = 100
"""Of an account with more jobs that wait, those farther back are told of when they move."""

_RUNNING_FIRST = (case((Job.state == JobState.RUNNING, 0), else_=1), Job.queued_at, Job.id)


@dataclass(frozen=True, slots=True)
class Figures:
    """What is to be told of one job, and after which of its events it was read."""

    job_id: str
    user_id: str
    event_id: int
    data: str


def read_figures(
    session: Session, job_ids: Collection[str], user_ids: Collection[str]
) -> list[Figures]:
    """Those of the jobs named that have not ended, and of the accounts' foremost jobs."""
    is_active = Job.state.not_in(TERMINAL)
    jobs = {
        job.id: job
        for query in (
            select(Job).where(is_active, Job.id.in_(job_ids)),
            select(Job).where(Job.id.in_(_rank_foremost(user_ids))),
        )
        for job in session.scalars(query)
    }
    if not jobs:
        return []
    last = _read_last_events(session, jobs)
    views = describe_jobs(session, list(jobs.values()), read_database_time(session))
    return [
        Figures(
            view.job.id,
            view.job.user_id,
            last.get(view.job.id, 0),
            JobProgressEvent(type="progress", job=show_job(view)).model_dump_json(),
        )
        for view in views
    ]


def read_snapshot(session: Session, watch: Watch) -> JobSnapshotEvent:
    """How things are for one stream."""
    if watch.job_id is not None:
        job = find_job(session, watch.scope, watch.job_id)
        jobs: Sequence[Job] = [job] if job is not None else []
    else:
        query = select(Job).where(Job.user_id == watch.reader_id, Job.state.not_in(TERMINAL))
        limit = FOLLOWED_PER_ACCOUNT + 1
        jobs = session.scalars(query.order_by(*_RUNNING_FIRST).limit(limit)).all()
    shown = jobs[:FOLLOWED_PER_ACCOUNT]
    views = describe_jobs(session, shown, read_database_time(session))
    return JobSnapshotEvent(
        type="snapshot",
        jobs=[show_job(view) for view in views],
        has_more=len(jobs) > len(shown),
    )


def _rank_foremost(user_ids: Collection[str]) -> Select[str]:
    place = func.row_number().over(partition_by=Job.user_id, order_by=_RUNNING_FIRST)
    ranked = (
        select(Job.id, place.label("place"))
        .where(Job.user_id.in_(user_ids), Job.state.not_in(TERMINAL))
        .subquery()
    )
    return select(ranked.c.id).where(ranked.c.place <= FOLLOWED_PER_ACCOUNT)


def _read_last_events(session: Session, jobs: Mapping[str, Job]) -> dict[str, int]:
    query = select(JobEvent.job_id, func.max(JobEvent.id)).where(JobEvent.job_id.in_(jobs))
    return {row[0]: row[1] for row in session.execute(query.group_by(JobEvent.job_id))}
