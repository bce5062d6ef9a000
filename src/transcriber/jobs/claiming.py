"""T2: a worker takes the span that should go next.

The cap per owner decides who goes first and leaves no worker idle: an owner at the cap goes behind
everybody below it, and has all the workers while nobody else waits.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from transcriber.infra.ownership import for_everybody
from transcriber.jobs.claims import Claim
from transcriber.jobs.lifecycle import move_job
from transcriber.jobs.models import AccountTurn, Job, SpanRow
from transcriber.jobs.order import is_runnable, rank_jobs
from transcriber.jobs.states import JobState, SpanState

CANDIDATES = 20


class Candidate(NamedTuple):
    """A job that may be worked on, and how many spans its owner has running."""

    job_id: str
    user_id: str
    running: int


def claim_next(
    session: Session,
    *,
    worker: str,
    now: datetime,
    lease: timedelta,
    per_owner: int,
    unready_models: Collection[str] = (),
) -> Claim | None:
    """Claim the best runnable span, or None when there is nothing this worker may take.

    Args:
        session: An open write transaction.
        worker: Written into the lease.
        now: The database's time.
        lease: How long the claim holds without a heartbeat.
        per_owner: Spans that one owner may have running while another, who has fewer, waits.
        unready_models: Models this worker cannot load at present.
    """
    candidates = _list_candidates(session, now, per_owner, unready_models)
    # Where somebody below the cap waits and others hold the locks, nobody at the cap goes first:
    # the next look, a moment later, sees who really is left.
    is_capped = any(each.running < per_owner for each in candidates)
    for each in candidates:
        if is_capped and each.running >= per_owner:
            return None
        cap = per_owner if is_capped else None
        claim = _try_claim(session, each, worker, now, lease, cap)
        if claim is not None:
            return claim
    return None


def has_candidates(
    session: Session, *, now: datetime, per_owner: int, unready_models: Collection[str]
) -> bool:
    """Whether `claim_next` would have something, but for locks that others hold."""
    return bool(_list_candidates(session, now, per_owner, unready_models))


@for_everybody
def _list_candidates(
    session: Session, now: datetime, per_owner: int, unready_models: Collection[str]
) -> list[Candidate]:
    condition = is_runnable(now)
    if unready_models:
        condition = condition & Job.model.not_in(unready_models)
    ranked = rank_jobs(now, condition)
    rows = session.execute(
        select(ranked.c.id, ranked.c.user_id, ranked.c.running)
        .order_by(ranked.c.running >= per_owner, ranked.c.place)
        .limit(CANDIDATES)
    )
    return [Candidate(row.id, row.user_id, row.running) for row in rows]


def _try_claim(  # noqa: PLR0917 -- private, and every caller passes all of them
    session: Session,
    candidate: Candidate,
    worker: str,
    now: datetime,
    lease: timedelta,
    cap: int | None,
) -> Claim | None:
    # Locks are skipped, never waited for: one stopped worker must not block the others.
    turn = session.scalar(
        select(AccountTurn)
        .where(AccountTurn.user_id == candidate.user_id)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    )
    if turn is None:
        return None
    if cap is not None and _count_running(session, candidate.user_id) >= cap:
        return None
    job = session.scalar(
        select(Job)
        .where(Job.id == candidate.job_id, is_runnable(now))
        .with_for_update(skip_locked=True, of=Job)
        .execution_options(populate_existing=True)
    )
    if job is None:
        return None
    span = session.scalar(
        select(SpanRow)
        .where(
            SpanRow.job_id == job.id,
            SpanRow.generation == job.generation,
            SpanRow.state == SpanState.QUEUED,
        )
        .order_by(SpanRow.index)
        .limit(1)
        .execution_options(populate_existing=True)
    )
    if span is None:
        return None
    turn.served_at = now
    return _take(session, job, span, worker, now, now + lease)


def _take(  # noqa: PLR0917 -- private, and every caller passes all of them
    session: Session, job: Job, span: SpanRow, worker: str, now: datetime, until: datetime
) -> Claim:
    span.state = SpanState.RUNNING
    span.attempt += 1
    span.lease_owner = worker
    span.lease_until = until
    span.started_at = now
    span.done_seconds = 0.0
    job.attempt += 1
    job.not_before = job.waiting_code = job.waiting_reason = None
    move_job(session, job, JobState.RUNNING, actor=worker, now=now)
    session.flush()
    return Claim(
        job_id=job.id,
        user_id=job.user_id,
        recording_id=job.recording_id,
        generation=job.generation,
        index=span.index,
        attempt=span.attempt,
        worker=worker,
        model=job.model,
        model_checksum=job.model_checksum,
        options=job.options,
        language=job.language,
        pcm_key=job.pcm_key,
        start=span.start,
        end=span.end,
        lease_until=until,
        request_id=job.request_id,
        trace_parent=job.trace_parent,
    )


def _count_running(session: Session, user_id: str) -> int:
    query = (
        select(func.count())
        .select_from(SpanRow)
        .where(SpanRow.user_id == user_id, SpanRow.state == SpanState.RUNNING)
    )
    return session.scalar(query) or 0
