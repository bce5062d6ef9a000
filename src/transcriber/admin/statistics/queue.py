"""How the queue stands, as the database, the broker and the workers have it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import Session

from transcriber.infra.heartbeats import WorkerHeartbeat
from transcriber.infra.ownership import for_everybody
from transcriber.jobs.models import Job, OutboxEntry, SpanRow
from transcriber.jobs.states import JobState, SpanState


@dataclass(frozen=True, slots=True)
class QueueView:
    """The database's view.

    Attributes:
        queued_jobs: In that state.
        oldest_queued_at: Of the one that has waited longest.
        waiting_for: By code, how many of them wait for something that is not a worker's time.
        queued_spans: Nobody holds them.
        running_spans: Somebody holds them under a lease.
        outbox_tokens: Wake-ups still to be published.
        oldest_token_at: Of the oldest of these.
    """

    queued_jobs: int
    oldest_queued_at: datetime | None
    waiting_for: dict[str, int]
    queued_spans: int
    running_spans: int
    outbox_tokens: int
    oldest_token_at: datetime | None


@dataclass(frozen=True, slots=True)
class Holding:
    """A span that a worker holds, as its row says."""

    job_id: str
    index: int
    worker_id: str | None
    started_at: datetime | None
    lease_until: datetime | None


@for_everybody
def view_queue(session: Session) -> QueueView:
    """Read it in four short queries over indexes."""
    queued, oldest = session.execute(
        select(func.count(), func.min(Job.queued_at)).where(Job.state == JobState.QUEUED)
    ).one()
    reasons = session.execute(
        select(Job.waiting_code, func.count())
        .where(Job.state == JobState.QUEUED, Job.waiting_code.is_not(None))
        .group_by(Job.waiting_code)
        .order_by(func.count().desc(), Job.waiting_code)
    )
    tokens, oldest_token = session.execute(
        select(func.count(), func.min(OutboxEntry.created_at))
    ).one()
    spans = session.execute(
        select(SpanRow.state, func.count())
        .where(SpanRow.state.in_((SpanState.QUEUED, SpanState.RUNNING)))
        .group_by(SpanRow.state)
    )
    by_state = {str(state): count for state, count in spans}
    return QueueView(
        queued_jobs=queued,
        oldest_queued_at=oldest,
        waiting_for={str(code): count for code, count in reasons},
        queued_spans=by_state.get(SpanState.QUEUED, 0),
        running_spans=by_state.get(SpanState.RUNNING, 0),
        outbox_tokens=tokens,
        oldest_token_at=oldest_token,
    )


@for_everybody
def list_holdings(session: Session) -> list[Holding]:
    """The spans that are held, as many as there are busy workers."""
    rows = session.execute(
        select(
            SpanRow.job_id,
            SpanRow.index,
            SpanRow.lease_owner,
            SpanRow.started_at,
            SpanRow.lease_until,
        )
        .where(SpanRow.state == SpanState.RUNNING)
        .order_by(SpanRow.started_at)
    )
    return [Holding(*row) for row in rows]


def list_live_workers(session: Session, now: datetime, silence: timedelta) -> list[WorkerHeartbeat]:
    """The workers seen lately, the one that has lived longest first."""
    query = select(WorkerHeartbeat).where(WorkerHeartbeat.seen_at >= now - silence)
    return list(session.scalars(query.order_by(WorkerHeartbeat.started_at, WorkerHeartbeat.id)))


@for_everybody
def find_jobs_without_span(session: Session) -> list[str]:
    """Jobs that are running, and of which nobody holds a span."""
    held = select(SpanRow.job_id).where(SpanRow.state == SpanState.RUNNING)
    return _list_ids(
        session, select(Job.id).where(Job.state == JobState.RUNNING, Job.id.not_in(held))
    )


@for_everybody
def find_idle_jobs_with_span(session: Session) -> list[str]:
    """Jobs that are not running, and of which somebody holds a span."""
    query = (
        select(Job.id)
        .distinct()
        .join(SpanRow, and_(SpanRow.job_id == Job.id, SpanRow.generation == Job.generation))
        .where(SpanRow.state == SpanState.RUNNING, Job.state != JobState.RUNNING)
    )
    return _list_ids(session, query)


@for_everybody
def find_untaken_jobs(session: Session, before: datetime, now: datetime) -> list[str]:
    """Jobs that wait for nothing but a worker, and have done so since before a time."""
    query = select(Job.id).where(
        Job.state == JobState.QUEUED,
        Job.queued_at < before,
        Job.updated_at < before,
        Job.cancel_requested_at.is_(None),
        Job.waiting_code.is_(None),
        or_(Job.not_before.is_(None), Job.not_before < now),
    )
    return _list_ids(session, query.order_by(Job.queued_at))


def _list_ids(session: Session, query: Select[str]) -> list[str]:
    return list(session.scalars(query.limit(1_000)))
