"""How one audit entry is bound to the one before it.

The hash of an entry covers the hash before it, so whoever changes, removes, adds or moves one has
to make every later hash anew; where the operator has set a key, they cannot without it.
"""

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass

from transcriber.infra.audit import AuditEntry
from transcriber.infra.settings import Settings

GENESIS = "0" * 64
"""Stands before the first entry."""
COVERED = (
    "id",
    "created_at",
    "actor",
    "action",
    "object_kind",
    "object_id",
    "user_id",
    "detail",
    "address",
    "request_id",
)
"""The columns that a hash covers."""

_NAME_LENGTH = 16
_NAMING = b"transcriber.audit.seal-key:"


@dataclass(frozen=True, slots=True)
class SealKeys:
    """The secrets that hashes are made with.

    Attributes:
        newest: The name of the one that seals; None where there is none.
        by_name: All that verify.
    """

    newest: str | None
    by_name: Mapping[str, bytes]

    @classmethod
    def of(cls, settings: Settings) -> "SealKeys":
        """The operator's, of which the first seals; a name tells nothing about its key."""
        keys = [key.encode() for key in settings.audit_seal_keys]
        names = [hashlib.sha256(_NAMING + key).hexdigest()[:_NAME_LENGTH] for key in keys]
        return cls(names[0] if names else None, dict(zip(names, keys, strict=True)))

    def seal(self, previous: str, sequence: int, entry: AuditEntry) -> str:
        """The hash of an entry that gets this place, with the newest key."""
        return self._compute(previous, sequence, entry, self.newest)

    def knows(self, entry: AuditEntry) -> bool:
        """Whether a sealed entry's key is among these, or it has none."""
        return entry.seal_key is None or entry.seal_key in self.by_name

    def fits(self, previous: str, entry: AuditEntry) -> bool:
        """Whether a sealed entry is what was sealed, there where it was; its key is known."""
        try:
            expected = self._compute(previous, entry.sequence, entry, entry.seal_key)
            return hmac.compare_digest(expected, entry.hash or "")
        except TypeError:
            # SQLite keeps bytes where a text should be; nothing of ours has written them.
            return False

    def _compute(
        self, previous: str, sequence: int | None, entry: AuditEntry, name: str | None
    ) -> str:
        content = previous.encode() + write_content(sequence, entry)
        if name is None:
            return hashlib.sha256(content).hexdigest()
        return hmac.new(self.by_name[name], content, hashlib.sha256).hexdigest()


def write_content(sequence: int | None, entry: AuditEntry) -> bytes:
    """The one spelling of an entry: JSON in ASCII with sorted members and without spaces."""
    members = {name: getattr(entry, name) for name in COVERED}
    members["created_at"] = entry.created_at.isoformat(timespec="microseconds")
    members["sequence"] = sequence
    return json.dumps(members, sort_keys=True, separators=(",", ":")).encode()
