"""How far jobs are: measured, and null where nothing was measured."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from transcriber.jobs.models import Job, SpanRow
from transcriber.jobs.order import is_runnable, rank_jobs
from transcriber.jobs.states import JobState, SpanState
from transcriber.recordings.models import Recording

EARLIER_JOBS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class JobView:
    """A job with what is derived for its owner.

    Attributes:
        done_seconds: Planned audio that is transcribed, parts of running spans included.
        progress: Share of the planned audio in 0..1; None before the plan.
        eta_seconds: Processing time left once it runs; None where no speed was measured yet.
        queue_position: From 1, among all runnable jobs; None when it does not wait for a worker.
        duration_seconds: Of the recording; None before it was decoded.
    """

    job: Job
    done_seconds: float
    progress: float | None
    eta_seconds: float | None
    queue_position: int | None
    duration_seconds: float | None
    size_bytes: int
    has_audio: bool


@dataclass(frozen=True, slots=True)
class Held:
    """The spans of a job that workers hold at present, summed."""

    count: int
    done_seconds: float
    busy_seconds: float

    def add(self, done_seconds: float, busy_seconds: float) -> "Held":
        """With one more span."""
        return Held(
            self.count + 1, self.done_seconds + done_seconds, self.busy_seconds + busy_seconds
        )


NOTHING_HELD = Held(0, 0.0, 0.0)


def describe_jobs(session: Session, jobs: Sequence[Job], now: datetime) -> list[JobView]:
    """Views of `jobs`, with a fixed number of queries however many there are."""
    running = _sum_running(session, jobs, now)
    places = _find_places(session, jobs, now)
    recordings = _find_recordings(session, jobs)
    speeds: dict[tuple[str, str | None], float | None] = {}
    views: list[JobView] = []
    for job in jobs:
        held = running.get(job.id, NOTHING_HELD)
        done = job.done_seconds + held.done_seconds
        key = (job.model, job.device)
        if key not in speeds and _needs_speed(job):
            speeds[key] = _measure_earlier_speed(session, *key)
        recording = recordings[job.recording_id]
        views.append(
            JobView(
                job=job,
                done_seconds=done,
                progress=_compute_progress(job, done),
                eta_seconds=_compute_eta(job, done, held, speeds.get(key)),
                queue_position=places.get(job.id),
                duration_seconds=recording.duration_seconds,
                size_bytes=recording.size_bytes,
                has_audio=recording.removed_at is None,
            )
        )
    return views


def _needs_speed(job: Job) -> bool:
    is_active = job.state in {JobState.QUEUED, JobState.RUNNING}
    return is_active and job.total_seconds is not None and job.done_seconds == 0


def _compute_progress(job: Job, done: float) -> float | None:
    if job.state == JobState.COMPLETED:
        return 1.0
    if not job.total_seconds:
        return None
    return min(1.0, done / job.total_seconds)


def _compute_eta(job: Job, done: float, held: Held, earlier: float | None) -> float | None:
    if job.state not in {JobState.QUEUED, JobState.RUNNING} or job.total_seconds is None:
        return None
    # A running span counts as soon as a part of it is done: a short recording has but one.
    busy = job.busy_seconds + (held.busy_seconds if held.done_seconds > 0 else 0.0)
    factor = busy / done if done > 0 else earlier
    if factor is None:
        return None
    return max(0.0, job.total_seconds - done) * factor / max(1, held.count)


def _sum_running(session: Session, jobs: Sequence[Job], now: datetime) -> dict[str, Held]:
    ids = [job.id for job in jobs if job.state == JobState.RUNNING]
    if not ids:
        return {}
    rows = session.execute(
        select(SpanRow.job_id, SpanRow.done_seconds, SpanRow.started_at).where(
            SpanRow.job_id.in_(ids), SpanRow.state == SpanState.RUNNING
        )
    )
    held: dict[str, Held] = {}
    for job_id, done, started_at in rows:
        busy = (now - started_at).total_seconds() if started_at is not None else 0.0
        held[job_id] = held.get(job_id, NOTHING_HELD).add(done, busy)
    return held


def _find_places(session: Session, jobs: Sequence[Job], now: datetime) -> dict[str, int]:
    ids = [job.id for job in jobs if job.state == JobState.QUEUED]
    if not ids:
        return {}
    ranked = rank_jobs(now, is_runnable(now))
    rows = session.execute(select(ranked.c.id, ranked.c.place).where(ranked.c.id.in_(ids)))
    return {row.id: row.place for row in rows}


def _find_recordings(session: Session, jobs: Sequence[Job]) -> dict[str, Recording]:
    rows = session.scalars(
        select(Recording).where(Recording.id.in_({job.recording_id for job in jobs}))
    )
    return {row.id: row for row in rows}


def _measure_earlier_speed(session: Session, model: str, device: str | None) -> float | None:
    """Real-time factor of the newest completed jobs with the same model and device."""
    earlier = select(Job.busy_seconds, Job.done_seconds).where(
        Job.state == JobState.COMPLETED, Job.model == model, Job.done_seconds > 0
    )
    if device is not None:
        earlier = earlier.where(Job.device == device)
    newest = earlier.order_by(Job.finished_at.desc()).limit(EARLIER_JOBS).subquery()
    busy, done = session.execute(
        select(func.sum(newest.c.busy_seconds), func.sum(newest.c.done_seconds))
    ).one()
    return float(busy) / float(done) if done else None
