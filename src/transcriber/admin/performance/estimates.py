"""Percentiles out of a histogram, and how far they may be off."""

from dataclasses import dataclass

from transcriber.infra.meter import Amount
from transcriber.infra.metric_families import BOUNDS

INFINITE = "+Inf"


@dataclass(frozen=True, slots=True)
class Estimate:
    """A percentile of which a histogram tells the bucket only.

    Attributes:
        seconds: Interpolated inside the bucket, as Prometheus does.
        at_least: The bucket's lower bound; the exact percentile is above it.
        at_most: Its upper bound; None in the last bucket, which has none.
    """

    seconds: float
    at_least: float
    at_most: float | None


def estimate_percentile(name: str, amount: Amount, share: float) -> Estimate | None:
    """The percentile of all observations; None where there is none.

    Args:
        name: The histogram, which has the bounds.
        amount: Its observations.
        share: Such as 0.95.
    """
    rank = share * amount.count
    passed, lower = 0, 0.0
    for bound in BOUNDS[name]:
        count = amount.counts.get(str(bound), 0)
        if count and passed + count >= rank:
            within = max(0.0, rank - passed) / count
            return Estimate(lower + (bound - lower) * within, lower, bound)
        passed, lower = passed + count, bound
    # Prometheus too gives the highest bound there is.
    return Estimate(lower, lower, None) if amount.counts.get(INFINITE) else None
