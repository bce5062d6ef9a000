"""Which worker processes are alive: one row each, renewed by the database's own clock."""

import os
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Integer,
    String,
    delete,
    false,
    func,
    select,
    update,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from transcriber.infra.clock import read_database_time
from transcriber.infra.database import Base, UnitOfWork, UtcDateTime
from transcriber.infra.memory_ledger import Room

# A row outlives its process by this much, so that an operator sees who was lost today.
KEEP_FOR = timedelta(days=1)
MAX_NAME_LENGTH = 128
BEAT_SECONDS = 4.0
"""How often a worker renews its row at the least, whatever HEARTBEAT_SECONDS says of its lease."""
WORKER_SILENCE_SECONDS = 3 * BEAT_SECONDS
"""So much silence means that a worker is gone: operators shall know within fifteen seconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Doing:
    """What a worker says of itself at a heartbeat.

    Attributes:
        job_id: Whose span it works on; None while it has none.
        span_index: Which one.
        model: What it has loaded, or None.
        device: What that runs on, such as `cpu int8_float32`.
        resident_bytes: Main memory that its process occupies.
        is_draining: Whether it was asked to stop.
        reconciled_at: When its reconciler last ended a round, by this machine's clock.
        slot: The place that it has under whoever started it.
        is_drained: Whether an administrator drained that place, so that it takes no work.
    """

    job_id: str | None = None
    span_index: int | None = None
    model: str | None = None
    device: str | None = None
    resident_bytes: int | None = None
    is_draining: bool = False
    reconciled_at: datetime | None = None
    slot: str | None = None
    is_drained: bool = False


class WorkerHeartbeat(Base):
    """One worker process.

    Attributes:
        id: Random, made at the process's start.
        host: The machine's name.
        pid: Process id on that machine.
        started_at: When the process began.
        seen_at: When it last renewed the row; never trusted beyond `lease_seconds`.
        not_ready_reason: Why it takes no work (a damaged model), or None.
        memory_total_bytes: What the workers of its machine may have together; None where unknown.
        memory_free_bytes: What this worker could have when it was last seen; None where unknown.
        validation_id: Which request to look at the models again it last carried out; None before.
        validated_at: When it had done so.
        refused_models: Why it could not use some of them then, by their names.

    The rest is what it last said of itself, as in `Doing`; a worker of an older version says
    nothing.
    """

    __tablename__ = "worker_heartbeats"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    host: Mapped[str] = mapped_column(String(255))
    pid: Mapped[int] = mapped_column(Integer)
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    not_ready_reason: Mapped[str | None] = mapped_column(String(1_000))
    memory_total_bytes: Mapped[int | None] = mapped_column(BigInteger)
    memory_free_bytes: Mapped[int | None] = mapped_column(BigInteger)
    job_id: Mapped[str | None] = mapped_column(String(32))
    span_index: Mapped[int | None]
    model: Mapped[str | None] = mapped_column(String(MAX_NAME_LENGTH))
    device: Mapped[str | None] = mapped_column(String(MAX_NAME_LENGTH))
    resident_bytes: Mapped[int | None] = mapped_column(BigInteger)
    is_draining: Mapped[bool] = mapped_column(Boolean, default=False, server_default=false())
    reconciled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    slot: Mapped[str | None] = mapped_column(String(32))
    is_drained: Mapped[bool] = mapped_column(Boolean, default=False, server_default=false())
    validation_id: Mapped[str | None] = mapped_column(String(32))
    validated_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    refused_models: Mapped[dict[str, str] | None] = mapped_column(JSON)


def record_heartbeat(
    uow: UnitOfWork,
    worker_id: str,
    not_ready_reason: str | None,
    room: Room | None = None,
    doing: Doing | None = None,
) -> None:
    """Renew this process's row, and forget rows of processes long gone."""
    now = read_database_time(uow.session)
    row = uow.session.get(WorkerHeartbeat, worker_id)
    if row is None:
        gone = WorkerHeartbeat.seen_at < now - KEEP_FOR
        uow.session.execute(delete(WorkerHeartbeat).where(gone))
        row = WorkerHeartbeat(
            id=worker_id, host=socket.gethostname()[:255], pid=os.getpid(), started_at=now
        )
        uow.session.add(row)
    row.seen_at = now
    row.not_ready_reason = not_ready_reason[:1_000] if not_ready_reason else None
    row.memory_total_bytes = None if room is None else room.total_bytes
    row.memory_free_bytes = None if room is None else room.free_bytes
    said = doing or Doing()
    row.job_id, row.span_index = said.job_id, said.span_index
    row.model = said.model[:MAX_NAME_LENGTH] if said.model else None
    row.device = said.device[:MAX_NAME_LENGTH] if said.device else None
    row.resident_bytes = said.resident_bytes
    row.is_draining = said.is_draining
    row.reconciled_at = said.reconciled_at
    row.slot, row.is_drained = said.slot, said.is_drained


def record_validation(
    session: Session, worker_id: str, validation_id: str, refused: Mapping[str, str]
) -> None:
    """Say that this process has looked at the models again, and which it cannot use."""
    session.execute(
        update(WorkerHeartbeat)
        .where(WorkerHeartbeat.id == worker_id)
        .values(
            validation_id=validation_id,
            validated_at=read_database_time(session),
            refused_models=dict(refused),
        )
    )


def list_rooms(session: Session, within_seconds: float) -> dict[str, Room]:
    """What memory each worker seen within the last seconds could have, by the worker's id."""
    since = read_database_time(session) - timedelta(seconds=within_seconds)
    rows = session.execute(
        select(
            WorkerHeartbeat.id,
            WorkerHeartbeat.memory_total_bytes,
            WorkerHeartbeat.memory_free_bytes,
        ).where(
            WorkerHeartbeat.seen_at >= since,
            WorkerHeartbeat.memory_total_bytes.is_not(None),
            WorkerHeartbeat.memory_free_bytes.is_not(None),
        )
    )
    return {worker_id: Room(total or 0, free or 0) for worker_id, total, free in rows}


def remove_heartbeat(uow: UnitOfWork, worker_id: str) -> None:
    """Leave at once, instead of being counted until the lease runs out."""
    uow.session.execute(delete(WorkerHeartbeat).where(WorkerHeartbeat.id == worker_id))


def count_live_workers(session: Session, within_seconds: float) -> int:
    """How many workers were seen within the last seconds, whether they take work or not."""
    since = read_database_time(session) - timedelta(seconds=within_seconds)
    query = select(func.count()).select_from(WorkerHeartbeat)
    return session.scalar(query.where(WorkerHeartbeat.seen_at >= since)) or 0


def find_first_worker(session: Session, within_seconds: float) -> str | None:
    """The id of the worker that has lived longest, of those seen within the last seconds."""
    since = read_database_time(session) - timedelta(seconds=within_seconds)
    query = select(WorkerHeartbeat.id).where(WorkerHeartbeat.seen_at >= since)
    return session.scalar(query.order_by(WorkerHeartbeat.started_at, WorkerHeartbeat.id).limit(1))


def count_ready_workers(session: Session, within_seconds: float) -> int:
    """How many workers were seen within the last seconds, take work, and were not told to stop."""
    since = read_database_time(session) - timedelta(seconds=within_seconds)
    query = select(func.count()).select_from(WorkerHeartbeat)
    is_ready = WorkerHeartbeat.not_ready_reason.is_(None) & WorkerHeartbeat.is_draining.is_(False)
    return session.scalar(query.where(WorkerHeartbeat.seen_at >= since, is_ready)) or 0


def list_not_ready_reasons(session: Session, within_seconds: float) -> list[str]:
    """The distinct reasons for which live workers take no work."""
    since = read_database_time(session) - timedelta(seconds=within_seconds)
    reasons = session.scalars(
        select(WorkerHeartbeat.not_ready_reason)
        .where(WorkerHeartbeat.seen_at >= since, WorkerHeartbeat.not_ready_reason.is_not(None))
        .distinct()
    )
    return sorted(reason for reason in reasons if reason)


def list_heartbeats(session: Session) -> list[WorkerHeartbeat]:
    """All workers that did not leave by themselves, the one seen last first."""
    query = select(WorkerHeartbeat).order_by(WorkerHeartbeat.seen_at.desc(), WorkerHeartbeat.id)
    return list(session.scalars(query))
