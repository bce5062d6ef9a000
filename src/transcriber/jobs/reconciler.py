"""The truth behind the hints: puts right what crashes, partitions and lost tokens left behind."""

from collections.abc import Collection, Iterator
from datetime import datetime, timedelta
from itertools import repeat

import structlog
from sqlalchemy import and_, delete, func, select
from sqlalchemy.orm import Session

from transcriber.infra.clock import read_database_time
from transcriber.infra.context import Context
from transcriber.infra.database import UnitOfWork
from transcriber.infra.meter import Meter
from transcriber.infra.metric_families import LEASE_EXPIRIES, SPAN
from transcriber.infra.ownership import for_everybody
from transcriber.jobs.claims import lock_job
from transcriber.jobs.cleaning import give_up_samples
from transcriber.jobs.idle_workers import count_idle_workers
from transcriber.jobs.lifecycle import move_job, settle_job
from transcriber.jobs.models import Job, OutboxEntry, SpanRow
from transcriber.jobs.order import is_runnable, rank_jobs
from transcriber.jobs.states import MAX_DEATHS_WITHOUT_CHECKPOINT, JobState, SpanState

LOCK_NAME = "transcriber.reconciler"
ACTOR = "reconciler"
BATCH = 100
TOKEN_GRACE = timedelta(seconds=10)
OUTBOX_GRACE = timedelta(seconds=5)
TOKENS_PER_WORKER = 2
"""Tokens only wake: a worker that comes takes all there is, so a few for each idle one are enough.
Busy ones claim what is next by themselves; tokens for them would pile up at the broker for as long
as there is a backlog."""

_log = structlog.stdlib.get_logger(__name__)


def reconcile_once(context: Context) -> None:
    """One round: expired leases, unseen cancellations, lost tokens.

    Rounds of several processes exclude each other by an advisory lock.  None of it touches the
    storage, which may be silent for minutes while jobs must be taken back.

    Raises:
        sqlalchemy.exc.OperationalError: when the database is away; the next round comes anyway.
    """
    with context.database.unit_of_work() as uow:
        if not uow.try_lock(LOCK_NAME):
            return
        now = read_database_time(uow.session)
        _take_back_expired(uow, context.meter, now)
        _finish_cancelled(uow, now)
    with context.database.unit_of_work() as uow:
        if uow.try_lock(LOCK_NAME):
            _publish_tokens(uow, context, read_database_time(uow.session))


@for_everybody
def _take_back_expired(uow: UnitOfWork, meter: Meter, now: datetime) -> None:
    """T9, one job at a time under its lock."""
    is_expired = and_(SpanRow.state == SpanState.RUNNING, SpanRow.lease_until < now)
    # The longest overdue first: a batch full of jobs whose locks are held must not hide the rest.
    expired = (
        select(SpanRow.job_id)
        .where(is_expired)
        .group_by(SpanRow.job_id)
        .order_by(func.min(SpanRow.lease_until))
        .limit(BATCH)
    )
    for job_id in uow.session.scalars(expired).all():
        job = lock_job(uow.session, job_id, skip_locked=True)
        if job is not None and job.state == JobState.RUNNING:
            count = _bury(uow.session, job, now)
            uow.after_commit(lambda count=count: meter.count(LEASE_EXPIRIES, SPAN, amount=count))
            give_up_samples(uow, job)


def _bury(session: Session, job: Job, now: datetime) -> int:
    """Take the job's lost spans back; returns how many."""
    spans = session.scalars(
        select(SpanRow)
        .where(
            SpanRow.job_id == job.id,
            SpanRow.generation == job.generation,
            SpanRow.state == SpanState.RUNNING,
            SpanRow.lease_until < now,
        )
        .execution_options(populate_existing=True)
    ).all()
    for span in spans:
        _log.warning(
            "lease_expired",
            request_id=job.request_id,
            job_id=job.id,
            span=span.index,
            attempt=span.attempt,
            worker=span.lease_owner,
        )
        span.state = SpanState.QUEUED
        span.lease_owner = span.lease_until = None
        span.done_seconds = 0.0
        span.deaths += 1
        job.stall_count = max(job.stall_count, span.deaths)
    if job.cancel_requested_at is None and job.stall_count >= MAX_DEATHS_WITHOUT_CHECKPOINT:
        job.error_code = "quarantined"
        job.error_message = (
            f"The worker died {job.stall_count} times on this recording without finishing a piece "
            "of it; the job is kept aside until it is tried again."
        )
        move_job(session, job, JobState.QUARANTINED, actor=ACTOR, now=now)
    else:
        settle_job(session, job, actor=ACTOR, now=now)
    return len(spans)


@for_everybody
def _finish_cancelled(uow: UnitOfWork, now: datetime) -> None:
    """T8 for jobs whose worker gave the span back before it saw the flag."""
    flagged = select(Job.id).where(
        Job.state == JobState.QUEUED, Job.cancel_requested_at.is_not(None)
    )
    for job_id in uow.session.scalars(flagged.limit(BATCH)).all():
        job = lock_job(uow.session, job_id, skip_locked=True)
        if job is not None and job.cancel_requested_at is not None:
            settle_job(uow.session, job, actor=ACTOR, now=now)
            give_up_samples(uow, job)


@for_everybody
def _publish_tokens(uow: UnitOfWork, context: Context, now: datetime) -> None:
    """Wake workers for what waits: the outbox first, then rows whose tokens were lost."""
    session = uow.session
    limit = count_idle_workers(session, now) * TOKENS_PER_WORKER
    if limit == 0:
        return
    unsent = session.scalars(
        select(OutboxEntry)
        .where(OutboxEntry.created_at < now - OUTBOX_GRACE)
        .order_by(OutboxEntry.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()
    session.execute(delete(OutboxEntry).where(OutboxEntry.id.in_([each.id for each in unsent])))
    called = list(dict.fromkeys(each.job_id for each in unsent))
    for job_id in [*called, *_list_waiting(session, now, called, limit)][:limit]:
        uow.after_commit(lambda job_id=job_id: context.queue.publish(job_id))


@for_everybody
def _list_waiting(
    session: Session, now: datetime, called: Collection[str], limit: int
) -> Iterator[str]:
    """Jobs in their order, each as often as it has spans that nobody was called for."""
    # Only the token of a submission is given time to arrive.  `updated_at` would not do: each
    # checkpoint renews it, and the workers beside a busy one would never be called.
    ranked = rank_jobs(now, and_(is_runnable(now), Job.queued_at < now - TOKEN_GRACE))
    spans = (
        select(func.count())
        .where(
            SpanRow.job_id == Job.id,
            SpanRow.generation == Job.generation,
            SpanRow.state == SpanState.QUEUED,
        )
        .scalar_subquery()
    )
    rows = session.execute(
        select(Job.id, spans)
        .join(ranked, ranked.c.id == Job.id)
        .order_by(ranked.c.place)
        .limit(limit)
    )
    for job_id, waiting in rows:
        yield from repeat(job_id, waiting - (job_id in called))
