"""Every worker that did not leave by itself, and what it holds."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from transcriber.admin.system.act_schemas import DrainRead
from transcriber.admin.system.schemas import HeldSpanRead, WorkerHealth, WorkerState
from transcriber.infra.clock import read_database_time
from transcriber.infra.database import Database
from transcriber.infra.heartbeats import WorkerHeartbeat, list_heartbeats
from transcriber.infra.ownership import for_everybody
from transcriber.infra.worker_drains import WorkerDrain, list_drains
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
        held, drains = _list_held(session), list_drains(session)
        return [
            _show(worker, held.get(worker.id), drains.get(worker.slot or ""), now)
            for worker in list_heartbeats(session)
        ]


def is_live(worker: WorkerHeartbeat, now: datetime) -> bool:
    """Whether it was heard of lately."""
    return now - worker.seen_at <= WORKER_SILENCE


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


def _show(
    worker: WorkerHeartbeat, span: HeldSpanRead | None, drain: WorkerDrain | None, now: datetime
) -> WorkerHealth:
    silence = now - worker.seen_at
    return WorkerHealth(
        id=worker.id,
        state=name_state(worker, drain, now),
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
        drain=None if drain is None else DrainRead.model_validate(drain),
        validation_id=worker.validation_id,
        validated_at=worker.validated_at,
        refused_models=worker.refused_models or {},
    )


def name_state(worker: WorkerHeartbeat, drain: WorkerDrain | None, now: datetime) -> WorkerState:
    """How a worker is, by what it said last, whether that was lately, and what is wished of it."""
    if not is_live(worker, now):
        return "stale"
    if worker.is_drained:
        return "drained"
    if worker.is_draining or drain is not None:
        return "draining"
    return "ready" if worker.not_ready_reason is None else "refusing"
