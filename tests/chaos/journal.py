"""What was done to the service, and what it hit."""

import threading
import time
from dataclasses import dataclass, field

from chaos.rows import Span, SpanKey


@dataclass(slots=True, kw_only=True)
class Fault:
    """One fault.

    Attributes:
        at: When it struck, seconds since the epoch.
        until: When it was over, or None while it lasts.
        workers: How many worker processes it took from their work.
        held: The spans those workers held, with the attempts they held them by.
        is_loss: Whether those workers are gone without a word: their leases have to run out.
        is_database: Whether work in flight anywhere may lose its checkpoint.
        waiting: Jobs that waited when the broker lost its tokens.
        is_outage: Whether nothing could be claimed while it lasted, and until all was up again.
        away_from: Since when the broker did not answer, for a fault that kept it away.
        is_wipe: Whether the broker lost its tokens.
        violations: What must not have happened while it lasted.
        recovered_after: Seconds until each span it took, or a job that waited, was claimed; known
            once the run was measured.
    """

    kind: str
    at: float = field(default_factory=time.time)
    until: float | None = None
    detail: str = ""
    workers: int = 0
    held: list[Span] = field(default_factory=list[Span])
    is_loss: bool = False
    is_database: bool = False
    is_outage: bool = False
    away_from: float | None = None
    is_wipe: bool = False
    waiting: list[str] = field(default_factory=list[str])
    violations: list[str] = field(default_factory=list[str])
    recovered_after: list[float] = field(default_factory=list[float])

    def find_outage(self) -> tuple[float, float] | None:
        """From when until when no idle worker could be told of work, if it did that."""
        if not self.is_outage and self.away_from is None:
            return None
        return self.away_from or self.at, self.at if self.until is None else self.until

    def has_hit(self, key: SpanKey, attempt: int) -> bool:
        """Whether the span was held, by this attempt, by a worker it took."""
        return any(span.key == key and span.attempt == attempt for span in self.held)


class Journal:
    """The faults of one run, in the order of their start."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []
        self._lock = threading.Lock()

    def add(self, fault: Fault) -> Fault:
        """Note a fault that has struck."""
        with self._lock:
            self._faults.append(fault)
        return fault

    def list_faults(self) -> list[Fault]:
        """All so far."""
        with self._lock:
            return list(self._faults)
