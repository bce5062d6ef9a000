"""The work there is: what workers hold, what waits before a job, who is there to do it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from transcriber.infra.heartbeats import WORKER_SILENCE_SECONDS, count_ready_workers
from transcriber.infra.ownership import for_everybody
from transcriber.jobs.estimates import HeldSpan, Work
from transcriber.jobs.measurements import read_suffix
from transcriber.jobs.models import PLAN_INDEX, Job, SpanRow
from transcriber.jobs.order import is_runnable, rank_jobs
from transcriber.jobs.states import JobState, SpanState
from transcriber.recordings.models import Recording

MAX_PLACE = 1_000
"""The wait of a job farther back is not estimated: it would mean reading the whole backlog."""

Held = Mapping[str, Sequence[HeldSpan]]


@dataclass(frozen=True, slots=True)
class Waiting:
    """A job that waits for a worker, at its place from 1."""

    job_id: str
    place: int
    work: Work


@dataclass(frozen=True, slots=True)
class Workload:
    """Everything a queued job waits for.

    Attributes:
        running: Work of the jobs that workers hold spans of.
        waiting: Jobs with work to take, by place; all before `MAX_PLACE`, and those asked for.
        workers: Live workers that take work.
    """

    running: Sequence[Work]
    waiting: Sequence[Waiting]
    workers: int


@for_everybody
def list_held(session: Session, now: datetime) -> dict[str, list[HeldSpan]]:
    """The spans that workers hold at present, by job: as many as there are workers."""
    rows = session.execute(
        select(
            SpanRow.job_id,
            SpanRow.index,
            SpanRow.start,
            SpanRow.end,
            SpanRow.done_seconds,
            SpanRow.started_at,
        ).where(SpanRow.state == SpanState.RUNNING)
    )
    held: dict[str, list[HeldSpan]] = {}
    for job_id, index, start, end, done, started_at in rows:
        busy = (now - started_at).total_seconds() if started_at is not None else 0.0
        span = HeldSpan(is_plan=index == PLAN_INDEX, length=end - start, done=done, busy=busy)
        held.setdefault(job_id, []).append(span)
    return held


def describe_work(job: Job, recording: Recording, held: Held) -> Work:
    """What is known of one job's work."""
    return Work(
        model=job.model,
        device=job.device,
        total_seconds=job.total_seconds,
        done_seconds=job.done_seconds,
        busy_seconds=job.busy_seconds,
        duration_seconds=recording.duration_seconds,
        size_bytes=recording.size_bytes,
        suffix=read_suffix(job.name),
        held=held.get(job.id, ()),
    )


@for_everybody
def read_workload(
    session: Session, now: datetime, held: Held, asked_for: Collection[str]
) -> Workload:
    """The work before the queued jobs `asked_for`, in three queries."""
    running = session.execute(
        select(Job, Recording)
        .join(Recording, Recording.id == Job.recording_id)
        .where(Job.id.in_(held), Job.state == JobState.RUNNING)
    )
    ranked = rank_jobs(now, is_runnable(now))
    waiting = session.execute(
        select(ranked.c.place, Job, Recording)
        .join(Job, Job.id == ranked.c.id)
        .join(Recording, Recording.id == Job.recording_id)
        .where(or_(ranked.c.place <= MAX_PLACE, ranked.c.id.in_(asked_for)))
        .order_by(ranked.c.place)
    )
    return Workload(
        running=[describe_work(job, recording, held) for job, recording in running],
        waiting=[
            Waiting(job.id, place, describe_work(job, recording, held))
            for place, job, recording in waiting
        ],
        workers=count_ready_workers(session, WORKER_SILENCE_SECONDS),
    )
