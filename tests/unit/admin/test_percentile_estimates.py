"""Percentiles out of a histogram lie in the bucket that has the exact ones."""

import math
import random

import pytest

from transcriber.admin.performance.estimates import estimate_percentile
from transcriber.infra.meter import NOTHING, Amount, Meter, SeriesKey
from transcriber.infra.metric_families import REQUEST_BOUNDS, REQUESTS

SHARES = (0.5, 0.9, 0.95, 0.99)
KEY = SeriesKey(REQUESTS, ("GET", "/jobs/", "2xx"))


def observe(seconds: list[float]) -> Amount:
    meter = Meter()
    for each in seconds:
        meter.observe_request("GET", "/jobs/", 200, each)
    return meter.read()[KEY]


def find_exact(seconds: list[float], share: float) -> float:
    """The nearest rank, which is one of the values."""
    return sorted(seconds)[max(1, math.ceil(share * len(seconds))) - 1]


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("size", [1, 2, 7, 100, 3_000])
def test_the_exact_percentile_is_within_the_bounds_that_are_told(seed: int, size: int) -> None:
    draw = random.Random(seed * 10_000 + size)
    seconds = [draw.lognormvariate(-3, 1.5) for _ in range(size)]
    amount = observe(seconds)
    assert (amount.count, amount.total) == (size, pytest.approx(sum(seconds)))
    for share in SHARES:
        found = estimate_percentile(REQUESTS, amount, share)
        assert found is not None
        exact = find_exact(seconds, share)
        assert found.at_least <= exact
        assert found.at_most is None or exact <= found.at_most
        assert found.at_least <= found.seconds
        assert found.at_most is None or found.seconds <= found.at_most


def test_values_on_a_bound_belong_to_the_bucket_below_it() -> None:
    found = estimate_percentile(REQUESTS, observe([0.1] * 10), 0.5)
    assert found is not None
    assert (found.at_least, found.at_most) == (0.075, 0.1)


def test_the_last_bucket_has_no_upper_bound() -> None:
    found = estimate_percentile(REQUESTS, observe([1_000.0]), 0.99)
    assert found is not None
    assert (found.seconds, found.at_least, found.at_most) == (*[REQUEST_BOUNDS[-1]] * 2, None)


def test_without_observations_there_is_no_percentile() -> None:
    assert estimate_percentile(REQUESTS, NOTHING, 0.5) is None


def test_changes_are_what_came_since_and_add_up_to_everything() -> None:
    meter = Meter()
    meter.observe_request("GET", "/jobs/", 200, 0.02)
    first, read = meter.read_changes()
    # Not written: the next changes have them, too.
    assert meter.read_changes()[0] == first
    meter.settle(read)
    assert meter.read_changes()[0] == {}
    meter.observe_request("GET", "/jobs/", 200, 0.02)
    meter.observe_request("GET", "/jobs/", 200, 0.4)
    second, _ = meter.read_changes()
    assert second[KEY].counts == {"0.02": 1, "0.5": 1}
    total = first[KEY].add(second[KEY])
    assert total.counts == meter.read()[KEY].counts
    assert total.total == pytest.approx(meter.read()[KEY].total)


def test_no_request_makes_a_name_of_its_own() -> None:
    meter = Meter()
    meter.observe_request("BREW", None, 404, 0.1)
    meter.observe_request("COOK", None, 404, 0.1)
    assert [key.labels for key in meter.read()] == [("other", "other", "4xx")]
