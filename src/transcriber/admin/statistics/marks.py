"""What is told of many values."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Marks:
    """How the values of one group are spread, in their own unit.

    The percentiles are interpolated between neighbours, as by `PERCENTILE_CONT`.
    """

    count: int
    average: float
    median: float
    p95: float
    longest: float


@dataclass(frozen=True, slots=True)
class Spreads:
    """How long it took.

    Attributes:
        durations: By `wait`, `run` and `total`, in seconds; without any where nothing was measured.
        factors: Real-time factors, by model and device.
    """

    durations: Mapping[str, Marks]
    factors: Mapping[tuple[str, str], Marks]
