"""Chaining audit entries, shortly after their commit.

An act's own transaction does not wait for the end of the chain, so acts at the same time do not
wait for each other.  Whoever has the lock on the one row `audit_seal` seals what is committed by
then; the sequence is the order of sealing.
"""

import time

import structlog
from sqlalchemy import BigInteger, CheckConstraint, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from transcriber.infra.audit import AuditEntry
from transcriber.infra.audit_chain import GENESIS, SealKeys
from transcriber.infra.context import Context
from transcriber.infra.database import Base, Database
from transcriber.infra.errors import UnavailableError
from transcriber.infra.ownership import for_everybody

SEAL_SECONDS = 5.0
BATCH = 500
"""Sealed in one transaction: SQLite lets nobody else write meanwhile."""
TELL_SECONDS = 300.0
"""At most so often the log tells the chain's end, which it keeps where the database cannot."""
SEAL_ID = 1

_log = structlog.stdlib.get_logger(__name__)


class AuditSeal(Base):
    """The ends of the chain: one row, whose numbers the database lets only rise.

    Attributes:
        id: Always 1.
        sequence: The last sealed entry's; 0 before the first.
        hash: That entry's.
        seal_key: The key that was used last; None while there was none.
        removed_sequence: The last entry that retention has removed; 0 while there was none.
        removed_hash: That entry's, from which the rest still verifies.
    """

    __tablename__ = "audit_seal"
    __table_args__ = (CheckConstraint(f"id = {SEAL_ID}", name="only_row"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    sequence: Mapped[int] = mapped_column(BigInteger, default=0)
    hash: Mapped[str] = mapped_column(String(64), default=GENESIS)
    seal_key: Mapped[str | None] = mapped_column(String(16))
    removed_sequence: Mapped[int] = mapped_column(BigInteger, default=0)
    removed_hash: Mapped[str] = mapped_column(String(64), default=GENESIS)


class SealKeyMissingError(UnavailableError):
    """The chain is made with a key, and this process was given none."""

    code = "audit_seal_key_missing"
    title = "The audit trail cannot be sealed."


class Sealer:
    """Seals again and again, for one process of however many.

    Args:
        context: The process's parts.
    """

    def __init__(self, context: Context) -> None:
        self._database = context.database
        self._keys = SealKeys.of(context.settings)
        self._told_at = float("-inf")
        self._told = 0
        self._is_keyless = False

    def seal(self) -> None:
        """Seal what waits, and tell the log the chain's end from time to time.

        Raises:
            sqlalchemy.exc.OperationalError: when the database is away.
        """
        try:
            seal_entries(self._database, self._keys)
        except SealKeyMissingError:
            if not self._is_keyless:
                _log.error("audit_seal_key_missing", setting="AUDIT_SEAL_KEY")
            self._is_keyless = True
            return
        if time.monotonic() - self._told_at < TELL_SECONDS:
            return
        with self._database.snapshot() as session:
            seal = read_seal(session)
        if seal.sequence > self._told:
            _log.info("audit_sealed", sequence=seal.sequence, hash=seal.hash)
            self._told, self._told_at = seal.sequence, time.monotonic()


def seal_entries(database: Database, keys: SealKeys) -> int:
    """Seal every entry that is committed, unless another process is at it; returns how many.

    Raises:
        SealKeyMissingError: as it says.
        sqlalchemy.exc.OperationalError: when the database is away.
    """
    total = 0
    while _has_unsealed(database):
        with database.unit_of_work() as uow:
            count = _seal_batch(uow.session, keys)
        total += count
        if count < BATCH:
            break
    return total


def read_seal(session: Session) -> AuditSeal:
    """The ends of the chain; those of an empty one where somebody took the row away."""
    found = session.get(AuditSeal, SEAL_ID)
    return found or AuditSeal(
        id=SEAL_ID, sequence=0, hash=GENESIS, removed_sequence=0, removed_hash=GENESIS
    )


def lock_seal(session: Session) -> AuditSeal | None:
    """The ends of the chain, to be moved; None while another process does that."""
    return session.get(
        AuditSeal, SEAL_ID, with_for_update={"skip_locked": True}, populate_existing=True
    )


@for_everybody
def _has_unsealed(database: Database) -> bool:
    # Asked without a lock: mostly nothing waits.
    with database.snapshot() as session:
        query = select(AuditEntry.id).where(AuditEntry.sequence.is_(None)).limit(1)
        return session.scalar(query) is not None


@for_everybody
def _seal_batch(session: Session, keys: SealKeys) -> int:
    seal = lock_seal(session)
    if seal is None:
        return 0
    if seal.seal_key is not None and keys.newest is None:
        raise SealKeyMissingError("Set AUDIT_SEAL_KEY here as the other processes have it.")
    query = select(AuditEntry).where(AuditEntry.sequence.is_(None))
    entries = session.scalars(query.order_by(AuditEntry.id).limit(BATCH)).all()
    for entry in entries:
        seal.hash = keys.seal(seal.hash, seal.sequence + 1, entry)
        seal.sequence += 1
        seal.seal_key = keys.newest
        entry.sequence, entry.hash, entry.seal_key = seal.sequence, seal.hash, keys.newest
    session.flush()
    return len(entries)
