"""Stored objects that no row points at: the remains of crashes between a write and its commit."""

import time
from datetime import timedelta
from itertools import islice

import structlog
from sqlalchemy import select

from transcriber.infra.context import Context
from transcriber.infra.storage import ObjectAge
from transcriber.jobs.models import Job
from transcriber.recordings.repository import find_known_keys

GRACE = timedelta(hours=1)
"""Longer than any upload's commit may follow its last byte, and than planning may take."""
ROUND_SECONDS = 600.0
BATCH = 200

_log = structlog.stdlib.get_logger(__name__)


def is_round_due(context: Context) -> bool:
    """Whether this round of the reconciler is the first of a new ten minutes."""
    return time.time() % ROUND_SECONDS < context.settings.reconcile_seconds


def collect_orphans(context: Context) -> int:
    """Delete objects older than the grace that no row names; returns how many."""
    # Whoever dates the objects tells their age: the clock of this machine may be an hour ahead.
    limit = context.storage.read_time() - GRACE
    count = 0
    aged = (each for each in context.storage.find_objects() if each.modified_at < limit)
    while batch := list(islice(aged, BATCH)):
        count += _collect(context, batch)
    return count


def _collect(context: Context, batch: list[ObjectAge]) -> int:
    keys = [each.key for each in batch]
    with context.database.snapshot() as session:
        known = find_known_keys(session, keys)
        known |= set(session.scalars(select(Job.pcm_key).where(Job.pcm_key.in_(keys))))
    orphans = [key for key in keys if key not in known]
    for key in orphans:
        _log.warning("orphan_deleted", key=key)
        context.storage.delete(key)
    return len(orphans)
