"""How far jobs are: measured, and null where nothing was measured.

Polling and event streams both show what `describe_jobs` gives.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from transcriber.jobs.estimates import (
    Work,
    estimate_held,
    estimate_running,
    estimate_wait,
    estimate_waiting,
)
from transcriber.jobs.measurements import Pace, read_pace
from transcriber.jobs.models import Job
from transcriber.jobs.states import JobState
from transcriber.jobs.workload import (
    MAX_PLACE,
    Held,
    Workload,
    describe_work,
    list_held,
    read_workload,
)
from transcriber.recordings.models import Recording
from transcriber.transcripts.models import TranscriptRow
from transcriber.transcripts.tags.models import TranscriptTagRow

NO_WORKLOAD = Workload((), (), 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class JobView:
    """A job with what is derived for its owner.

    Attributes:
        done_seconds: Planned audio that is transcribed, parts of running spans included.
        progress: Share of the planned audio in 0..1; None before the plan.
        eta_seconds: Time until it is done, the wait included; None where it rests on anything that
            was not measured yet.  `jobs/estimates.py` has the formulas.
        queue_position: From 1, among all runnable jobs; None when it does not wait for a worker.
        duration_seconds: Of the recording; None before it was decoded.
        has_transcript: False before the job completes, and once its owner deleted the result.
        tags: Of its transcript, in order.
    """

    job: Job
    done_seconds: float
    progress: float | None
    eta_seconds: float | None
    queue_position: int | None
    duration_seconds: float | None
    size_bytes: int
    has_audio: bool
    has_transcript: bool
    tags: Sequence[str]


def describe_jobs(session: Session, jobs: Sequence[Job], now: datetime) -> list[JobView]:
    """Views of `jobs`, with a fixed number of queries however many there are."""
    recordings = _find_recordings(session, jobs)
    results, tags = _find_transcripts(session, jobs), _find_tags(session, jobs)
    active = [job for job in jobs if job.state in {JobState.QUEUED, JobState.RUNNING}]
    held: Held = list_held(session, now) if active else {}
    queued = [job.id for job in active if job.state == JobState.QUEUED]
    load = read_workload(session, now, held, queued) if queued else NO_WORKLOAD
    works = {job.id: describe_work(job, recordings[job.recording_id], held) for job in active}
    etas = _estimate(session, active, works, load)
    places = {each.job_id: each.place for each in load.waiting}
    return [
        _describe(
            job,
            recordings[job.recording_id],
            works.get(job.id),
            etas,
            places,
            has_transcript=job.id in results,
            tags=tags.get(job.id, ()),
        )
        for job in jobs
    ]


def _describe(
    job: Job,
    recording: Recording,
    work: Work | None,
    etas: Mapping[str, float | None],
    places: Mapping[str, int],
    *,
    has_transcript: bool,
    tags: Sequence[str],
) -> JobView:
    held = work.held if work is not None and job.state == JobState.RUNNING else ()
    done = job.done_seconds + sum(span.done for span in held)
    return JobView(
        job=job,
        done_seconds=done,
        progress=_compute_progress(job, done),
        eta_seconds=etas.get(job.id),
        queue_position=places.get(job.id) if job.state == JobState.QUEUED else None,
        duration_seconds=recording.duration_seconds,
        size_bytes=recording.size_bytes,
        has_audio=recording.removed_at is None,
        has_transcript=has_transcript,
        tags=tags,
    )


def _compute_progress(job: Job, done: float) -> float | None:
    if job.state == JobState.COMPLETED:
        return 1.0
    if not job.total_seconds:
        return None
    return min(1.0, done / job.total_seconds)


def _estimate(
    session: Session, active: Sequence[Job], works: Mapping[str, Work], load: Workload
) -> dict[str, float | None]:
    if not active:
        return {}
    concerned = [*works.values(), *load.running, *(each.work for each in load.waiting)]
    pace = read_pace(
        session, {work.model for work in concerned}, {work.suffix for work in concerned}
    )
    etas = _estimate_queued(load, pace)
    for job in active:
        if job.state == JobState.RUNNING:
            etas[job.id] = estimate_running(works[job.id], pace)
    return etas


def _estimate_queued(load: Workload, pace: Pace) -> dict[str, float | None]:
    ahead = [estimate_held(work, pace) for work in load.running]
    spans_ahead = sum(len(work.held) for work in load.running)
    etas: dict[str, float | None] = {}
    total: list[float | None] = [None if None in ahead else sum(each or 0.0 for each in ahead)]
    for each in load.waiting:
        own = estimate_waiting(each.work, pace)
        wait = estimate_wait(total, spans_ahead=spans_ahead, workers=load.workers)
        etas[each.job_id] = None
        if wait is not None and own is not None and each.place <= MAX_PLACE:
            etas[each.job_id] = wait + own
        before = total[0]
        total = [None if before is None or own is None else before + own]
        spans_ahead += 1
    return etas


def _find_recordings(session: Session, jobs: Sequence[Job]) -> dict[str, Recording]:
    rows = session.scalars(
        select(Recording).where(Recording.id.in_({job.recording_id for job in jobs}))
    )
    return {row.id: row for row in rows}


def _find_transcripts(session: Session, jobs: Sequence[Job]) -> set[str]:
    ended = [job for job in jobs if job.state == JobState.COMPLETED]
    if not ended:
        return set()
    query = select(TranscriptRow.job_id).where(
        TranscriptRow.job_id.in_([job.id for job in ended]),
        TranscriptRow.user_id.in_({job.user_id for job in ended}),
    )
    return set(session.scalars(query))


def _find_tags(session: Session, jobs: Sequence[Job]) -> dict[str, list[str]]:
    ended = [job for job in jobs if job.state == JobState.COMPLETED]
    if not ended:
        return {}
    query = select(TranscriptTagRow).where(
        TranscriptTagRow.job_id.in_([job.id for job in ended]),
        TranscriptTagRow.user_id.in_({job.user_id for job in ended}),
    )
    tags: dict[str, list[str]] = {}
    # Databases differ in how they sort texts.
    for row in sorted(session.scalars(query), key=lambda row: row.key):
        tags.setdefault(row.job_id, []).append(row.tag)
    return tags
