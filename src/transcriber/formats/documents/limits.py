"""Bounds of one rendering process, and how it says that it could not keep to them."""

from dataclasses import dataclass

MEBIBYTE = 1024**2

# Exit statuses: sysexits.h has EX_DATAERR for the first, and none for the second.
REFUSED = 65
TOO_LARGE = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentLimits:
    """How much one document may take.

    Attributes:
        seconds: Of time, and of processor time as well.
        memory_mb: Of address space; what is really used is about half of it.
    """

    seconds: float = 60.0
    memory_mb: int = 2048
