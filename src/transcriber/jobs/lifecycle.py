"""The only place that changes a job's state: checks the move and writes the event."""

from datetime import datetime, timedelta

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from transcriber.infra.errors import ConflictError
from transcriber.infra.hints import send_hint
from transcriber.infra.ownership import for_everybody
from transcriber.jobs.models import Job, JobEvent, OutboxEntry, SpanRow
from transcriber.jobs.states import DELETED, TERMINAL, JobState, SpanState, can_move
from transcriber.webhooks.service import EndedJob, note_ended_job

KEEP_DELETIONS_FOR = timedelta(days=7)
"""A reader that comes back later learns from its snapshot what there is."""
DELETIONS_FORGOTTEN_AT_ONCE = 1_000


def move_job(
    session: Session,
    job: Job,
    target: JobState,
    *,
    actor: str,
    now: datetime,
    detail: str | None = None,
) -> None:
    """Move `job`, whose row the caller has locked, and record the event.

    Raises:
        ConflictError: when the failure model has no such move.
    """
    origin = JobState(job.state)
    if origin == target:
        return
    if not can_move(origin, target):
        raise ConflictError(
            f"A job that is {origin} cannot become {target}.",
            code="job_state",
            extra={"state": origin.value},
        )
    job.state = target
    job.updated_at = now
    if target == JobState.RUNNING and job.started_at is None:
        job.started_at = now
    if target in TERMINAL:
        job.finished_at = now
        job.waiting_code = job.waiting_reason = None
        release_spans(session, job)
        _forget_voices(session, job)
    record_event(session, job, origin, actor=actor, now=now, detail=detail)
    if target in TERMINAL:
        note_ended_job(session, _describe_end(job), now)


def record_event(
    session: Session,
    job: Job,
    origin: JobState | None,
    *,
    actor: str,
    now: datetime,
    detail: str | None = None,
) -> None:
    """Append what happened to the job's history."""
    event = JobEvent(
        job_id=job.id,
        user_id=job.user_id,
        generation=job.generation,
        attempt=job.attempt,
        from_state=origin,
        to_state=job.state,
        actor=actor,
        detail=detail,
        created_at=now,
    )
    session.add(event)
    send_hint(session)


def record_deletion(session: Session, job: Job, *, actor: str, now: datetime) -> None:
    """Replace the history of a job that is about to go by the one event that says so."""
    session.execute(delete(JobEvent).where(JobEvent.job_id == job.id))
    event = JobEvent(
        job_id=job.id,
        user_id=job.user_id,
        generation=job.generation,
        attempt=job.attempt,
        from_state=job.state,
        to_state=DELETED,
        actor=actor,
        created_at=now,
    )
    session.add(event)
    send_hint(session)


@for_everybody
def forget_deletions(session: Session, now: datetime) -> int:
    """Remove the events of jobs deleted long ago, a batch at a time; returns how many.

    The newest event of all stays: it shows readers that come back which ids were given.
    """
    newest = select(func.max(JobEvent.id)).scalar_subquery()
    old = (
        select(JobEvent.id)
        .where(
            JobEvent.to_state == DELETED,
            JobEvent.created_at < now - KEEP_DELETIONS_FOR,
            JobEvent.id < newest,
        )
        .limit(DELETIONS_FORGOTTEN_AT_ONCE)
    )
    ids = session.scalars(old).all()
    session.execute(delete(JobEvent).where(JobEvent.id.in_(ids)))
    return len(ids)


def add_token(session: Session, job_id: str, now: datetime) -> OutboxEntry:
    """Write the wish to wake a worker beside the change that calls for it."""
    entry = OutboxEntry(job_id=job_id, created_at=now)
    session.add(entry)
    return entry


def release_spans(session: Session, job: Job) -> None:
    """Take every running span of the job's generation away from its worker."""
    session.flush()
    session.execute(
        update(SpanRow)
        .where(
            SpanRow.job_id == job.id,
            SpanRow.generation == job.generation,
            SpanRow.state == SpanState.RUNNING,
        )
        .values(state=SpanState.QUEUED, lease_owner=None, lease_until=None, done_seconds=0.0)
        .execution_options(synchronize_session="fetch")
    )


def _forget_voices(session: Session, job: Job) -> None:
    """Remove what tells people apart; it serves nothing once the job has ended."""
    session.execute(
        update(SpanRow)
        .where(SpanRow.job_id == job.id, SpanRow.voices.is_not(None))
        .values(voices=None)
        .execution_options(synchronize_session="fetch")
    )


def forget_deaths(session: Session, job: Job) -> None:
    """A checkpoint landed: the deaths before it were no sign of a recording that kills."""
    session.execute(
        update(SpanRow)
        .where(SpanRow.job_id == job.id, SpanRow.generation == job.generation, SpanRow.deaths > 0)
        .values(deaths=0)
        .execution_options(synchronize_session="fetch")
    )


def count_spans(session: Session, job: Job, *states: SpanState) -> int:
    """How many spans of the job's generation are in one of `states`."""
    session.flush()
    query = (
        select(func.count())
        .select_from(SpanRow)
        .where(
            SpanRow.job_id == job.id,
            SpanRow.generation == job.generation,
            SpanRow.state.in_(states),
        )
    )
    return session.scalar(query) or 0


def settle_job(session: Session, job: Job, *, actor: str, now: datetime) -> None:
    """Put a job that nobody holds any more back into the queue (T4), or cancel it (T8)."""
    if job.state not in {JobState.QUEUED, JobState.RUNNING}:
        return
    if count_spans(session, job, SpanState.RUNNING) > 0:
        return
    target = JobState.QUEUED if job.cancel_requested_at is None else JobState.CANCELLED
    move_job(session, job, target, actor=actor, now=now)


def _describe_end(job: Job) -> EndedJob:
    return EndedJob(
        id=job.id,
        user_id=job.user_id,
        name=job.name,
        state=job.state,
        generation=job.generation,
        error_code=job.error_code,
    )
