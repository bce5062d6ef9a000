"""Waking workers: tokens are hints, and rows are the truth behind them."""

from sqlalchemy import delete
from sqlalchemy.orm import Session

from transcriber.infra.clock import read_database_time
from transcriber.infra.context import Context
from transcriber.infra.database import UnitOfWork
from transcriber.infra.ownership import for_everybody
from transcriber.jobs.idle_workers import count_idle_workers
from transcriber.jobs.lifecycle import count_spans
from transcriber.jobs.models import Job, OutboxEntry
from transcriber.jobs.states import JobState, SpanState


@for_everybody
def forget_tokens(session: Session, job_id: str) -> None:
    """A worker has come: the outbox need not call another."""
    session.execute(delete(OutboxEntry).where(OutboxEntry.job_id == job_id))


def wake_workers(uow: UnitOfWork, context: Context, job: Job) -> None:
    """Publish tokens, after the commit, that spread a job's waiting spans over the idle workers."""
    waiting = count_spans(uow.session, job, SpanState.QUEUED)
    if job.state not in {JobState.QUEUED, JobState.RUNNING}:
        return
    job_id = job.id
    idle = count_idle_workers(uow.session, read_database_time(uow.session))
    for _ in range(min(waiting, idle)):
        uow.after_commit(lambda: context.queue.publish(job_id))
