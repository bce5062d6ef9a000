"""What the processes measured, for Prometheus: totals that never fall, and gauges of the living."""

from collections.abc import Iterator, Sequence
from itertools import product

from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    Metric,
)
from sqlalchemy.orm import Session

from transcriber.engine.media.answers import CODES
from transcriber.engine.results import DROP_REASONS
from transcriber.infra.meter import NOTHING, Amount, SeriesKey
from transcriber.infra.metric_families import (
    BOUNDS,
    COUNTERS,
    DECODED_AUDIO,
    DROPPED_AUDIO,
    EVENT_STREAMS,
    FENCES,
    GAUGES,
    LABELS,
    LEASE_EXPIRIES,
    SANDBOX_FAILURES,
    TEXTS,
    UPLOAD_BYTES,
    UPLOAD_OUTCOMES,
    UPLOADS_ENDED,
    WAYS,
    WORKS,
)
from transcriber.infra.metric_rows import read_gauges, read_totals

# What can happen and has not yet is a zero: a rate over a series that only begins tells of nothing.
_EXPECTED: dict[str, Sequence[tuple[str, ...]]] = {
    UPLOAD_BYTES: list(product(WAYS)),
    UPLOADS_ENDED: list(product(WAYS, UPLOAD_OUTCOMES)),
    LEASE_EXPIRIES: list(product(WORKS)),
    FENCES: list(product(WORKS)),
    SANDBOX_FAILURES: list(product(sorted(CODES))),
    DECODED_AUDIO: [()],
    DROPPED_AUDIO: list(product(DROP_REASONS)),
}


def show_totals(session: Session) -> Iterator[Metric]:
    """What all processes observed and counted, also those that are gone: none of it ever falls."""
    totals = read_totals(session)
    for name in BOUNDS:
        histogram = HistogramMetricFamily(name, TEXTS[name], labels=LABELS[name])
        for key, amount in totals.items():
            if key.name == name:
                histogram.add_metric(key.labels, _list_buckets(name, amount), amount.total)
        yield histogram
    for name in COUNTERS:
        counter = CounterMetricFamily(name, TEXTS[name], labels=LABELS[name])
        found = {key: amount for key, amount in totals.items() if key.name == name}
        expected = {SeriesKey(name, labels): NOTHING for labels in _EXPECTED.get(name, ())}
        for key, amount in (expected | found).items():
            counter.add_metric(key.labels, amount.total)
        yield counter


def show_gauges(session: Session) -> Iterator[Metric]:
    """What the processes that live say of themselves and of their machines."""
    gauges = {SeriesKey(EVENT_STREAMS, ()): 0.0} | read_gauges(session)
    for name in GAUGES:
        family = GaugeMetricFamily(name, TEXTS[name], labels=LABELS[name])
        for key, value in gauges.items():
            if key.name == name:
                family.add_metric(key.labels, value)
        yield family


def _list_buckets(name: str, amount: Amount) -> list[tuple[str, float]]:
    passed = 0
    buckets: list[tuple[str, float]] = []
    for bound in (*map(str, BOUNDS[name]), "+Inf"):
        passed += amount.counts.get(bound, 0)
        buckets.append((bound, passed))
    return buckets
