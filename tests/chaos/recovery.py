"""How long work stood still after a fault, and how much of it was done twice."""

from dataclasses import dataclass, field

from chaos.journal import Fault, Journal
from chaos.observer import Claiming, Observer
from chaos.rows import Span, SpanKey

DATABASE_AFTERMATH_SECONDS = 8.0
"""A write that met a stopped database fails this much later at the most, by its timeouts."""

OUTAGE_AFTERMATH_SECONDS = 10.0
"""What starting the service and connecting its workers may take on two busy cores."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recomputed:
    """Attempts that came to nothing, by what took them.

    Attributes:
        by_losses: Their worker was killed, crashed or stopped past its lease.
        by_drains: Their worker was asked to end.
        by_database: The database was hurt while they ran.
        lost_workers: Worker processes lost in all.
        worst: The most spans that one lost worker cost.
        unexplained: Neither; each is a sentence.
    """

    by_losses: int
    by_drains: int
    by_database: int
    lost_workers: int
    worst: float
    unexplained: list[str]


@dataclass(frozen=True, slots=True)
class Recoveries:
    """Seconds until work that had lost its worker or its token was claimed.

    Attributes:
        alone: Others could have claimed it all the time.
        disturbed: The whole service, its database or its broker was away for a part of the time.
    """

    alone: list[float] = field(default_factory=list[float])
    disturbed: list[float] = field(default_factory=list[float])

    def add(self, fault: Fault, claimed_at: float, outages: list[tuple[float, float]]) -> None:
        """Count work that the fault took and somebody claimed."""
        is_disturbed = any(
            start <= claimed_at and end >= fault.at - OUTAGE_AFTERMATH_SECONDS
            for start, end in outages
        )
        (self.disturbed if is_disturbed else self.alone).append(claimed_at - fault.at)
        fault.recovered_after.append(claimed_at - fault.at)


def measure_losses(journal: Journal, observer: Observer) -> Recoveries:
    """Seconds from each loss of a worker until a span it held was claimed again."""
    faults = journal.list_faults()
    outages = [outage for fault in faults if (outage := fault.find_outage()) is not None]
    found = Recoveries()
    for fault in faults:
        for span in fault.held if fault.is_loss else ():
            claimed_at = observer.find_claim_after(span.key, span.attempt)
            if claimed_at is not None:
                found.add(fault, claimed_at, outages)
    return found


def measure_wipes(journal: Journal, observer: Observer) -> Recoveries:
    """Seconds from each loss of all tokens until one of the jobs that waited was claimed."""
    faults = journal.list_faults()
    found = Recoveries()
    for fault in faults:
        if not fault.is_wipe or not fault.waiting:
            continue
        times = [
            claim.started_at
            for ((job_id, _, _), _), claim in observer.claims.items()
            if job_id in fault.waiting and claim.started_at > fault.at
        ]
        # That the broker was away before is what this wipe was; what others did, disturbs.
        others = [other for other in faults if other is not fault]
        outages = [outage for other in others if (outage := other.find_outage()) is not None]
        outages += [(other.at, other.at) for other in others if other.is_wipe]
        if times:
            found.add(fault, min(times), outages)
    return found


def explain_attempts(journal: Journal, observer: Observer, spans: list[Span]) -> Recomputed:
    """Find the fault behind each attempt that was followed by another."""
    faults = journal.list_faults()
    causes: list[str] = []
    costs: dict[int, int] = {}
    unexplained: list[str] = []
    for span in spans:
        for attempt in range(1, span.attempt):
            claim = observer.claims.get((span.key, attempt))
            cause, fault = _find_cause(faults, span.key, attempt, claim)
            causes.append(cause)
            if fault is not None:
                costs[id(fault)] = costs.get(id(fault), 0) + 1
            if not cause:
                unexplained.append(f"attempt {attempt} at span {span.key} ended for no reason")
    lost = [fault for fault in faults if fault.is_loss]
    return Recomputed(
        by_losses=causes.count("loss"),
        by_drains=causes.count("drain"),
        by_database=causes.count("database"),
        lost_workers=sum(fault.workers for fault in lost),
        worst=max((costs.get(id(fault), 0) / max(1, fault.workers) for fault in lost), default=0),
        unexplained=unexplained,
    )


def find_percentile(values: list[float], share: float) -> float | None:
    """The smallest value that at least `share` of the values do not exceed."""
    if not values:
        return None
    ordered = sorted(values)
    return ordered[max(0, -(-int(share * 100) * len(ordered) // 100) - 1)]


def _find_cause(
    faults: list[Fault], key: SpanKey, attempt: int, claim: Claiming | None
) -> tuple[str, Fault | None]:
    for fault in faults:
        if fault.has_hit(key, attempt):
            return ("loss", fault) if fault.is_loss else ("drain", None)
    for fault in faults:
        if fault.is_database and (claim is None or _overlaps(fault, claim)):
            return "database", None
    return "", None


def _overlaps(fault: Fault, claim: Claiming) -> bool:
    until = (fault.until or fault.at) + DATABASE_AFTERMATH_SECONDS
    return claim.started_at <= until and claim.last_seen_at >= fault.at - 1
