"""What can be wrong with the chain of audit entries, and where in it."""

import re
from dataclasses import dataclass
from enum import StrEnum

# Fits every database's integers.
_PLACE = re.compile(r"([1-9][0-9]{0,17}):([0-9a-f]{64})", re.ASCII)


class FaultKind(StrEnum):
    """What is wrong with the chain."""

    CHANGED = "changed"
    MISSING = "missing"
    UNKEYED = "unkeyed"
    UNKNOWN_KEY = "unknown_key"
    END = "end"
    BEGINNING = "beginning"
    KNOWN = "known"


_SENTENCES = {
    FaultKind.CHANGED: "The entry is not the one that was sealed here: it was changed, put in from "
    "elsewhere, or is not where it was.",
    FaultKind.MISSING: "The entry that was sealed here is gone.",
    FaultKind.UNKEYED: "The entry is sealed without a key behind others that have one.",
    FaultKind.UNKNOWN_KEY: "The entry is sealed with a key that AUDIT_SEAL_KEY does not hold.",
    FaultKind.END: "The chain does not end with the entry that was sealed last.",
    FaultKind.BEGINNING: "Entries before this one are gone, or there again, and no removal by "
    "retention tells of that.",
    FaultKind.KNOWN: "The hash that was known of this entry is another.",
}


@dataclass(frozen=True, slots=True)
class ChainPlace:
    """An entry's place in the chain with its hash; 0 stands before the first."""

    sequence: int
    hash: str


def read_place(text: str) -> ChainPlace | None:
    """A place as `sequence:hash`; None where the text is no such."""
    match = _PLACE.fullmatch(text)
    return None if match is None else ChainPlace(int(match[1]), match[2])


@dataclass(frozen=True, slots=True)
class Fault:
    """The first thing that does not fit.

    Attributes:
        sequence: Where in the chain.
        entry_id: The entry found there, if there is one.
    """

    kind: FaultKind
    sequence: int
    entry_id: int | None = None

    @property
    def detail(self) -> str:
        """In one sentence."""
        return _SENTENCES[self.kind]
