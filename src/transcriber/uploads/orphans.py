"""Stored objects that no row points at: the remains of crashes between a write and its commit."""

import time
from datetime import timedelta
from itertools import islice

import structlog
from sqlalchemy import select

from transcriber.infra.context import Context
from transcriber.infra.exclusion import hold_alone
from transcriber.infra.heartbeats import WORKER_SILENCE_SECONDS, find_first_worker
from transcriber.infra.ownership import for_everybody
from transcriber.infra.storage import ObjectAge
from transcriber.jobs.models import Job
from transcriber.recordings.repository import find_known_keys
from transcriber.uploads import repository

LOCK_NAME = "transcriber.orphans"
GRACE = timedelta(hours=1)
"""Longer than any upload's commit may follow its last byte, and than planning may take."""
ROUND_SECONDS = 600.0
ORPHAN_LOOK_SECONDS = 60.0
"""How often a worker looks whether a round is due."""
BATCH = 200

_log = structlog.stdlib.get_logger(__name__)


def run_round(context: Context, worker_id: str) -> int:
    """Collect where a round is due and this worker is the one to do it; returns how many went.

    A large store takes long to list, so one worker does it for all: the longest alive.

    Raises:
        ServiceError: when the storage does not answer; the next round comes anyway.
        sqlalchemy.exc.OperationalError: when the database is away.
    """
    if time.time() % ROUND_SECONDS >= ORPHAN_LOOK_SECONDS:
        return 0
    with context.database.snapshot() as session:
        if find_first_worker(session, WORKER_SILENCE_SECONDS) != worker_id:
            return 0
    # The one before may still be listing although it fell silent.
    with hold_alone(context.database, LOCK_NAME) as is_alone:
        return collect_orphans(context) if is_alone else 0


def collect_orphans(context: Context) -> int:
    """Delete objects older than the grace that no row names; returns how many."""
    # Whoever dates the objects tells their age: the clock of this machine may be an hour ahead.
    limit = context.storage.read_time() - GRACE
    count = 0
    aged = (each for each in context.storage.find_objects() if each.modified_at < limit)
    while batch := list(islice(aged, BATCH)):
        count += _collect(context, batch)
    return count


@for_everybody
def _collect(context: Context, batch: list[ObjectAge]) -> int:
    keys = [each.key for each in batch]
    with context.database.snapshot() as session:
        known = find_known_keys(session, keys)
        known |= set(session.scalars(select(Job.pcm_key).where(Job.pcm_key.in_(keys))))
        known |= repository.find_known_keys(session, keys)
    orphans = [key for key in keys if key not in known]
    for key in orphans:
        _log.warning("orphan_deleted", key=key)
        context.storage.delete(key)
    return len(orphans)
