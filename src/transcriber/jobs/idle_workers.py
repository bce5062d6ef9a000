"""How many workers have nothing to do: the only ones that a token needs to wake."""

from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from transcriber.infra.heartbeats import WORKER_SILENCE_SECONDS, WorkerHeartbeat
from transcriber.infra.ownership import for_everybody
from transcriber.jobs.models import SpanRow
from transcriber.jobs.states import SpanState

WORKER_SILENCE = timedelta(seconds=WORKER_SILENCE_SECONDS)


@for_everybody
def count_idle_workers(session: Session, now: datetime) -> int:
    """Live workers that take work and hold no live lease; 1 where no worker has beaten yet.

    A lease counts only against its own worker: that of a dead one, which has yet to run out, must
    not hide another who waits to be woken.
    """
    is_live = WorkerHeartbeat.seen_at >= now - WORKER_SILENCE
    busy = select(SpanRow.lease_owner).where(
        SpanRow.state == SpanState.RUNNING,
        SpanRow.lease_until >= now,
        SpanRow.lease_owner.is_not(None),
    )
    is_idle = WorkerHeartbeat.id.not_in(busy) & WorkerHeartbeat.is_drained.is_(False)
    live, idle = session.execute(
        select(func.count(), func.count().filter(is_idle)).where(is_live)
    ).one()
    return int(idle) if live else 1
