"""Walking the chain of audit entries: does every one fit, and if not, which is the first."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from transcriber.infra.audit import AuditEntry
from transcriber.infra.audit_chain import SealKeys
from transcriber.infra.audit_faults import ChainPlace, Fault, FaultKind
from transcriber.infra.audit_removal import has_removal_act
from transcriber.infra.audit_sealing import AuditSeal, read_seal
from transcriber.infra.database import Database
from transcriber.infra.ownership import for_everybody

PAGE = 1_000
UNREADABLE = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Verification:
    """What the walk found.

    Attributes:
        checked: Entries that fit.
        unkeyed: How many of these were sealed without a key.
        removed: What retention has removed up to.
        head: Up to where the chain was found good.
        unsealed: Entries that wait for being sealed.
        unsealed_since: When the oldest of them was written.
        is_known_checked: Whether the known place could be compared: not where retention has
            removed it.
        fault: None where everything fits.
    """

    checked: int
    unkeyed: int
    removed: ChainPlace
    head: ChainPlace
    unsealed: int
    unsealed_since: datetime | None
    is_known_checked: bool
    fault: Fault | None

    @property
    def is_intact(self) -> bool:
        """Whether everything fits."""
        return self.fault is None


@dataclass(slots=True)
class _Walk:
    keys: SealKeys
    known: ChainPlace | None
    removed: ChainPlace
    head: ChainPlace
    checked: int = 0
    unkeyed: int = 0
    is_keyed: bool = field(default=False)
    is_known_checked: bool = field(default=False)

    def begin_at(self, place: ChainPlace) -> Fault | None:
        """Go on behind what retention has removed."""
        self.removed = self.head = place
        return self._compare_known()

    def pass_over(self, entry: AuditEntry) -> Fault | None:
        """Go one entry further; tells why not."""
        place = self.head.sequence + 1
        if entry.sequence != place:
            return Fault(FaultKind.MISSING, place)
        kind = self._find_fault(entry)
        if kind is not None:
            return Fault(kind, place, entry.id)
        self.checked += 1
        if entry.seal_key is None:
            self.unkeyed += 1
        else:
            self.is_keyed = True
        self.head = ChainPlace(place, entry.hash or "")
        return self._compare_known(entry.id)

    def _find_fault(self, entry: AuditEntry) -> FaultKind | None:
        if entry.seal_key is None and self.is_keyed:
            return FaultKind.UNKEYED
        if not self.keys.knows(entry):
            return FaultKind.UNKNOWN_KEY
        return None if self.keys.fits(self.head.hash, entry) else FaultKind.CHANGED

    def _compare_known(self, entry_id: int | None = None) -> Fault | None:
        if self.known is None or self.known.sequence != self.head.sequence:
            return None
        self.is_known_checked = True
        if self.known.hash == self.head.hash:
            return None
        return Fault(FaultKind.KNOWN, self.head.sequence, entry_id)


@for_everybody
def verify_entries(
    database: Database, keys: SealKeys, known: ChainPlace | None = None
) -> Verification:
    """Walk the whole chain, a page at a time; entries may be added and removed meanwhile.

    Args:
        database: Where the chain is.
        keys: What it may be made with.
        known: An entry's place and hash that were noted elsewhere, to be found there again.

    Raises:
        sqlalchemy.exc.OperationalError: when the database is away.
    """
    with database.snapshot() as session:
        seal = read_seal(session)
        unsealed, since = session.execute(
            select(func.count(), func.min(AuditEntry.created_at)).where(
                AuditEntry.sequence.is_(None)
            )
        ).one()
    beginning = _read_removed(seal)
    walk = _Walk(keys, known, beginning, beginning)
    fault = _walk(database, walk)
    if fault is None and known is not None and known.sequence > walk.head.sequence:
        fault = Fault(FaultKind.MISSING, known.sequence)
    return Verification(
        checked=walk.checked,
        unkeyed=walk.unkeyed,
        removed=walk.removed,
        head=walk.head,
        unsealed=unsealed,
        unsealed_since=since,
        is_known_checked=walk.is_known_checked,
        fault=fault,
    )


def _walk(database: Database, walk: _Walk) -> Fault | None:
    fault = walk.begin_at(walk.removed)
    is_over = False
    while fault is None and not is_over:
        with database.snapshot() as session:
            seal = read_seal(session)
            fault = _follow_removal(session, seal, walk)
            entries = _list_page(session, walk.head.sequence)
            is_over = len(entries) < PAGE
        for entry in entries:
            fault = fault or walk.pass_over(entry)
        if is_over and walk.head != ChainPlace(seal.sequence, seal.hash):
            fault = fault or Fault(FaultKind.END, min(walk.head.sequence, seal.sequence) + 1)
    return fault


@for_everybody
def _follow_removal(session: Session, seal: AuditSeal, walk: _Walk) -> Fault | None:
    removed = _read_removed(seal)
    if removed.sequence > walk.head.sequence:
        # Retention has overtaken the walk.
        fault = walk.begin_at(removed)
        if fault is not None:
            return fault
    if removed.sequence and not has_removal_act(session, removed.sequence, removed.hash):
        return Fault(FaultKind.BEGINNING, removed.sequence)
    query = select(AuditEntry.id).where(AuditEntry.sequence <= removed.sequence).limit(1)
    back = session.scalar(query)
    return None if back is None else Fault(FaultKind.BEGINNING, removed.sequence, back)


@for_everybody
def _list_page(session: Session, after: int) -> Sequence[AuditEntry]:
    query = select(AuditEntry).where(AuditEntry.sequence > after)
    try:
        return session.scalars(query.order_by(AuditEntry.sequence).limit(PAGE)).all()
    except ValueError:
        # SQLite keeps any text where a time should be.
        return [_read_entry(session, after + number) for number in range(1, PAGE + 1)]


@for_everybody
def _read_entry(session: Session, sequence: int) -> AuditEntry:
    """The entry at this place, or one in its stead that does not fit there."""
    try:
        found = session.scalar(select(AuditEntry).where(AuditEntry.sequence == sequence))
    except ValueError:
        query = select(AuditEntry.id).where(AuditEntry.sequence == sequence)
        return AuditEntry(id=session.scalar(query), sequence=sequence, created_at=UNREADABLE)
    return found or AuditEntry(sequence=None)


def _read_removed(seal: AuditSeal) -> ChainPlace:
    return ChainPlace(seal.removed_sequence, seal.removed_hash)
