"""Bounds of one rendering process, and how it says that it could not keep to them."""

from dataclasses import dataclass

MEBIBYTE = 1024**2

PATIENCE = 4
"""A machine whose workers are busy gives a process a part of a core."""

# Exit statuses: sysexits.h has EX_DATAERR for the first, and none for the second.
REFUSED = 65
TOO_LARGE = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentLimits:
    """How much one document may take.

    Attributes:
        seconds: Of processor time.
        memory_mb: Of address space; what is really used is about half of it.
    """

    seconds: float = 60.0
    memory_mb: int = 2048

    @property
    def patience_seconds(self) -> float:
        """How long it may take beside all else that the machine does."""
        return PATIENCE * self.seconds
