"""What one process measures: Prometheus histograms, and what changed since the last look."""

import json
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from prometheus_client import CollectorRegistry, Histogram

REQUESTS = "transcriber_request_seconds"
STAGES = "transcriber_stage_seconds"
# Whoever changes bounds gives the metric another name: counts of different bounds do not add up.
REQUEST_BOUNDS = (
    *(0.001, 0.0025, 0.005, 0.0075, 0.01, 0.015, 0.02, 0.03, 0.05, 0.075, 0.1, 0.15, 0.2),
    *(0.3, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0, 5.0, 10.0, 30.0, 60.0),
)
STAGE_BOUNDS = (
    *(0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0, 5.0, 7.5, 10.0),
    *(15.0, 20.0, 30.0, 45.0, 60.0, 90.0, 120.0, 300.0, 600.0, 1_800.0, 3_600.0, 21_600.0),
)
LABELS: Mapping[str, tuple[str, ...]] = {
    REQUESTS: ("method", "route", "status"),
    STAGES: ("stage", "outcome"),
}
TEXTS: Mapping[str, str] = {
    REQUESTS: "Seconds until the answer to a request began, by route and class of status.",
    STAGES: "Seconds that a stage of a job took, by how it ended.",
}
BOUNDS: Mapping[str, tuple[float, ...]] = {REQUESTS: REQUEST_BOUNDS, STAGES: STAGE_BOUNDS}

OTHER = "other"
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


@dataclass(frozen=True, slots=True)
class SeriesKey:
    """A histogram and the values of its labels, in the order of `LABELS`."""

    name: str
    labels: tuple[str, ...]

    def write_labels(self) -> str:
        """As the database has them."""
        return json.dumps(self.labels, separators=(",", ":"))


@dataclass(frozen=True, slots=True)
class Amount:
    """Observations: how many in each bucket alone, by its upper bound, and their sum.

    The bound is as Prometheus writes it, `+Inf` for the last.
    """

    counts: Mapping[str, int]
    sum_seconds: float

    @property
    def count(self) -> int:
        """How many there are."""
        return sum(self.counts.values())

    def add(self, other: "Amount") -> "Amount":
        """Both together."""
        counts = dict(self.counts)
        for bound, count in other.counts.items():
            counts[bound] = counts.get(bound, 0) + count
        return Amount(counts, self.sum_seconds + other.sum_seconds)

    def subtract(self, earlier: "Amount") -> "Amount":
        """What came since; buckets without any are left out."""
        counts = {
            bound: count - earlier.counts.get(bound, 0) for bound, count in self.counts.items()
        }
        return Amount(
            {bound: count for bound, count in counts.items() if count},
            self.sum_seconds - earlier.sum_seconds,
        )


NOTHING = Amount({}, 0.0)
Amounts = Mapping[SeriesKey, Amount]


class Meter:
    """The histograms of one process, whose threads may all observe at once."""

    def __init__(self) -> None:
        registry = CollectorRegistry()
        self._histograms = {
            name: Histogram(
                name, TEXTS[name], LABELS[name], buckets=BOUNDS[name], registry=registry
            )
            for name in LABELS
        }
        self._lock = threading.Lock()
        self._settled: Amounts = {}

    def observe_request(self, method: str, route: str | None, status: int, seconds: float) -> None:
        """Count an answer; `route` is its template, or None where no route answered."""
        known = method if method in METHODS else OTHER
        labels = (known, route or OTHER, f"{status // 100}xx")
        self._histograms[REQUESTS].labels(*labels).observe(seconds)

    def observe_stage(self, stage: str, outcome: str, seconds: float) -> None:
        """Count a stage of a job that ended."""
        self._histograms[STAGES].labels(stage, outcome).observe(seconds)

    def read(self) -> Amounts:
        """Everything since the process began."""
        return {
            key: amount
            for name, histogram in self._histograms.items()
            for key, amount in _read_histogram(name, histogram)
        }

    def read_changes(self) -> tuple[Amounts, Amounts]:
        """What came since what was settled last, and everything, which `settle` takes."""
        read = self.read()
        with self._lock:
            settled = self._settled
        changes = {key: amount.subtract(settled.get(key, NOTHING)) for key, amount in read.items()}
        return {key: amount for key, amount in changes.items() if amount.counts}, read

    def settle(self, read: Amounts) -> None:
        """Take for written what was read."""
        with self._lock:
            self._settled = read


def _read_histogram(name: str, histogram: Histogram) -> Iterator[tuple[SeriesKey, Amount]]:
    counts: dict[tuple[str, ...], dict[str, int]] = {}
    sums: dict[tuple[str, ...], float] = {}
    before: dict[tuple[str, ...], int] = {}
    for family in histogram.collect():
        for sample in family.samples:
            labels = tuple(sample.labels[label] for label in LABELS[name])
            if sample.name == f"{name}_bucket":
                # They come in the order of their bounds, each with all below it.
                passed = before.get(labels, 0)
                before[labels] = int(sample.value)
                if sample.value > passed:
                    counts.setdefault(labels, {})[sample.labels["le"]] = int(sample.value) - passed
            elif sample.name == f"{name}_sum":
                sums[labels] = sample.value
    for labels, found in counts.items():
        yield SeriesKey(name, labels), Amount(found, sums[labels])
