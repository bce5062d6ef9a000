"""Removing the oldest audit entries, so that the rest still verifies."""

from datetime import datetime, timedelta

import structlog
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from transcriber.infra.audit import SERVICE, AuditEntry, record_act
from transcriber.infra.audit_chain import SealKeys
from transcriber.infra.audit_sealing import AuditSeal, lock_seal
from transcriber.infra.clock import read_database_time
from transcriber.infra.database import Database
from transcriber.infra.ownership import for_everybody

ACTOR = "retention"
ACTION = "audit.delete"
BATCH = 1_000
"""Removed in one transaction: SQLite lets nobody else write meanwhile."""
MAX_BATCHES = 20

_log = structlog.stdlib.get_logger(__name__)


def remove_old_entries(database: Database, days: int | None, keys: SealKeys) -> int:
    """One round over the entries that are older than these whole days; returns how many went.

    Only the beginning of the chain goes: an entry that was sealed behind a younger one stays until
    that goes too.  A removal is an act itself, so there is one a day and not one each round.

    Raises:
        sqlalchemy.exc.OperationalError: when the database is away.
    """
    total = 0
    for _ in range(MAX_BATCHES if days is not None else 0):
        with database.unit_of_work() as uow:
            midnight = read_database_time(uow.session).replace(
                hour=0, minute=0, second=0, microsecond=0
            )
            count = _remove_batch(uow.session, midnight - timedelta(days=days or 0), keys)
        total += count
        if count < BATCH:
            break
    return total


@for_everybody
def has_removal_act(session: Session, sequence: int, last_hash: str) -> bool:
    """Whether the log tells of the removal that ended with this entry."""
    query = select(AuditEntry.id).where(
        AuditEntry.action == ACTION,
        AuditEntry.object_id == str(sequence),
        AuditEntry.detail == last_hash,
    )
    return session.scalar(query.limit(1)) is not None


@for_everybody
def _remove_batch(session: Session, before: datetime, keys: SealKeys) -> int:
    seal = lock_seal(session)
    if seal is None:
        return 0
    query = (
        select(AuditEntry)
        .where(AuditEntry.sequence > seal.removed_sequence)
        .order_by(AuditEntry.sequence)
        .limit(BATCH)
    )
    count = 0
    for entry in session.scalars(query):
        if entry.created_at >= before:
            break
        if not _is_intact(seal, entry, keys):
            # A removal must not hide what a verification would find.
            _log.error("audit_removal_stopped", sequence=seal.removed_sequence + 1)
            break
        seal.removed_sequence, seal.removed_hash = seal.removed_sequence + 1, entry.hash or ""
        count += 1
    if not count:
        return 0
    # The database lets entries go only up to here.
    session.flush()
    session.execute(delete(AuditEntry).where(AuditEntry.sequence <= seal.removed_sequence))
    record_act(
        session,
        actor=ACTOR,
        action=ACTION,
        object_id=str(seal.removed_sequence),
        user_id=SERVICE,
        detail=seal.removed_hash,
    )
    return count


def _is_intact(seal: AuditSeal, entry: AuditEntry, keys: SealKeys) -> bool:
    if entry.sequence != seal.removed_sequence + 1:
        return False
    # A key that was lost keeps nothing from ageing.
    return not keys.knows(entry) or keys.fits(seal.removed_hash, entry)
