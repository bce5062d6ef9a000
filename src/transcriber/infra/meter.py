"""What one process measures: histograms and counters, and what changed since the last look."""

import json
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from prometheus_client import CollectorRegistry, Histogram

from transcriber.infra.metric_families import (
    BOUNDS,
    COUNTERS,
    LABELS,
    MODEL_LOADS,
    OTHER,
    REQUESTS,
    STAGES,
    TEXTS,
)

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


@dataclass(frozen=True, slots=True)
class SeriesKey:
    """A family and the values of its labels, in the order of `LABELS`."""

    name: str
    labels: tuple[str, ...]

    def write_labels(self) -> str:
        """As the database has them."""
        return json.dumps(self.labels, separators=(",", ":"))


@dataclass(frozen=True, slots=True)
class Amount:
    """Observations: how many in each bucket alone, by its upper bound, and their sum.

    The bound is as Prometheus writes it, `+Inf` for the last.  A counter has a sum and no buckets.
    """

    counts: Mapping[str, int]
    total: float

    @property
    def count(self) -> int:
        """How many observations there are."""
        return sum(self.counts.values())

    def add(self, other: "Amount") -> "Amount":
        """Both together."""
        counts = dict(self.counts)
        for bound, count in other.counts.items():
            counts[bound] = counts.get(bound, 0) + count
        return Amount(counts, self.total + other.total)

    def subtract(self, earlier: "Amount") -> "Amount":
        """What came since; buckets without any are left out."""
        counts = {
            bound: count - earlier.counts.get(bound, 0) for bound, count in self.counts.items()
        }
        return Amount(
            {bound: count for bound, count in counts.items() if count},
            self.total - earlier.total,
        )


NOTHING = Amount({}, 0.0)
Amounts = Mapping[SeriesKey, Amount]


class Meter:
    """The histograms and counters of one process, whose threads may all observe at once."""

    def __init__(self) -> None:
        registry = CollectorRegistry()
        self._histograms = {
            name: Histogram(
                name, TEXTS[name], LABELS[name], buckets=BOUNDS[name], registry=registry
            )
            for name in BOUNDS
        }
        self._lock = threading.Lock()
        self._counted: dict[SeriesKey, float] = {}
        self._settled: Amounts = {}

    def observe_request(self, method: str, route: str | None, status: int, seconds: float) -> None:
        """Count an answer; `route` is its template, or None where no route answered."""
        labels = (name_method(method), route or OTHER, f"{status // 100}xx")
        self._histograms[REQUESTS].labels(*labels).observe(seconds)

    def observe_stage(self, stage: str, outcome: str, seconds: float) -> None:
        """Count a stage of a job that ended."""
        self._histograms[STAGES].labels(stage, outcome).observe(seconds)

    def observe_model_load(self, model: str, outcome: str, seconds: float) -> None:
        """Count a model that was loaded, or could not be."""
        self._histograms[MODEL_LOADS].labels(model, outcome).observe(seconds)

    def count(self, name: str, *labels: str, amount: float = 1.0) -> None:
        """Add to a counter.

        Args:
            name: One of `COUNTERS`.
            labels: In the order of `LABELS`.
            amount: What to add; zero and less adds nothing.

        Raises:
            ValueError: there is no such counter, or it has other labels.
        """
        if name not in COUNTERS or len(labels) != len(LABELS[name]):
            raise ValueError(f"There is no counter {name} of {len(labels)} labels.")
        if amount <= 0:
            return
        key = SeriesKey(name, labels)
        with self._lock:
            self._counted[key] = self._counted.get(key, 0.0) + amount

    def read(self) -> Amounts:
        """Everything since the process began."""
        with self._lock:
            counted = {key: Amount({}, value) for key, value in self._counted.items()}
        return counted | {
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
        return {
            key: amount for key, amount in changes.items() if amount.counts or amount.total
        }, read

    def settle(self, read: Amounts) -> None:
        """Take for written what was read."""
        with self._lock:
            self._settled = read


def name_method(method: str) -> str:
    """A method that there is, or `other`: anybody may send any word."""
    return method if method in METHODS else OTHER


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
