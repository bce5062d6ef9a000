"""Every worker that did not leave by itself, and what it holds."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from transcriber.admin.system.schemas import HeldSpanRead, WorkerHealth, WorkerState
from transcriber.infra.clock import read_database_time
from transcriber.infra.database import Database
from transcriber.infra.heartbeats import WorkerHeartbeat, list_heartbeats
from transcriber.infra.ownership import for_everybody
from transcriber.jobs.idle_workers import WORKER_SILENCE
from transcriber.jobs.models import SpanRow
from transcriber.jobs.states import SpanState


def look_at_workers(database: Database) -> list[WorkerHealth]:
    """The live ones and those lost since yesterday, the one seen last first.

    Raises:
        sqlalchemy.exc.OperationalError: when the database is away.
    """
    with database.snapshot() as session:
        now = read_database_time(session)
        held = _list_held(session)
        return [_show(worker, held.get(worker.id), now) for worker in list_heartbeats(session)]


@for_everybody
def _list_held(session: Session) -> dict[str, HeldSpanRead]:
    rows = session.scalars(select(SpanRow).where(SpanRow.state == SpanState.RUNNING))
    return {
        row.lease_owner: HeldSpanRead(
            job_id=row.job_id,
            index=row.index,
            start=row.start,
            end=row.end,
            done_seconds=row.done_seconds,
            since=row.started_at,
            lease_until=row.lease_until,
        )
        for row in rows
        if row.lease_owner is not None
    }


def _show(worker: WorkerHeartbeat, span: HeldSpanRead | None, now: datetime) -> WorkerHealth:
    silence = now - worker.seen_at
    return WorkerHealth(
        id=worker.id,
        state=name_state(worker, is_live=silence <= WORKER_SILENCE),
        host=worker.host,
        pid=worker.pid,
        started_at=worker.started_at,
        seen_at=worker.seen_at,
        silent_seconds=max(0.0, silence.total_seconds()),
        not_ready_reason=worker.not_ready_reason,
        span=span,
        model=worker.model,
        device=worker.device,
        resident_bytes=worker.resident_bytes,
        memory_free_bytes=worker.memory_free_bytes,
        memory_total_bytes=worker.memory_total_bytes,
        reconciled_at=worker.reconciled_at,
    )


def name_state(worker: WorkerHeartbeat, *, is_live: bool) -> WorkerState:
    """How a worker is, by what it said last and whether that was lately."""
    if not is_live:
        return "stale"
    if worker.is_draining:
        return "draining"
    return "ready" if worker.not_ready_reason is None else "refusing"
