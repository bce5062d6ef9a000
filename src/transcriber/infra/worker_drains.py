"""Places of workers that an administrator has drained: one row each, for as long as they are.

A worker ends where it is drained, and another process takes its place at once.  So the wish is
kept for the place, its slot, and not for the process.
"""

import os
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import String, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from transcriber.infra.clock import read_database_time
from transcriber.infra.database import Base, UtcDateTime
from transcriber.infra.heartbeats import KEEP_FOR, WorkerHeartbeat

SLOT_VARIABLE = "TRANSCRIBER_WORKER_SLOT"
"""Where a supervisor tells a worker process which of its places it has."""
SLOT_LENGTH = 32


class WorkerDrain(Base):
    """The wish that whoever has a place takes no work.

    Attributes:
        slot: The place.
        worker_id: The process that had it when the wish came.
        requested_at: When that was, by the database's clock.
        requested_by: The administrator.
    """

    __tablename__ = "worker_drains"

    slot: Mapped[str] = mapped_column(String(SLOT_LENGTH), primary_key=True)
    worker_id: Mapped[str] = mapped_column(String(32))
    requested_at: Mapped[datetime] = mapped_column(UtcDateTime)
    requested_by: Mapped[str] = mapped_column(String(64))


def read_slot(worker_id: str) -> str:
    """This process's place; one that no supervisor started is its own."""
    return os.environ.get(SLOT_VARIABLE, "")[:SLOT_LENGTH] or worker_id


def is_drained(session: Session, slot: str) -> bool:
    """Whether an administrator wants the place to take no work."""
    found = session.scalar(select(WorkerDrain.slot).where(WorkerDrain.slot == slot))
    return found is not None


def list_drains(session: Session) -> Mapping[str, WorkerDrain]:
    """All of them, by their places."""
    return {drain.slot: drain for drain in session.scalars(select(WorkerDrain))}


def find_drain(session: Session, worker_id: str) -> WorkerDrain | None:
    """The drain of the place that this process has, or had when it was drained."""
    slot = select(WorkerHeartbeat.slot).where(WorkerHeartbeat.id == worker_id).scalar_subquery()
    is_meant = (WorkerDrain.slot == slot) | (WorkerDrain.worker_id == worker_id)
    return session.scalar(select(WorkerDrain).where(is_meant).limit(1))


def add_drain(session: Session, slot: str, worker_id: str, admin_id: str) -> WorkerDrain:
    """Keep the place from work, and forget drains of places that nobody has had for a day."""
    now = read_database_time(session)
    gone = (
        WorkerDrain.requested_at < now - KEEP_FOR,
        WorkerDrain.slot.not_in(
            select(WorkerHeartbeat.slot).where(WorkerHeartbeat.slot.is_not(None))
        ),
    )
    session.execute(delete(WorkerDrain).where(*gone))
    drain = WorkerDrain(slot=slot, worker_id=worker_id, requested_at=now, requested_by=admin_id)
    session.add(drain)
    session.flush()
    return drain
