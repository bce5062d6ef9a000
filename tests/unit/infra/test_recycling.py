import signal
import time
from collections.abc import Generator

import pytest

from transcriber.infra.recycling import MEBIBYTE, RecycleBounds, RecycleWatch
from transcriber.infra.vitals import Vitals


class Signals:
    """How often this process asked itself to stop."""

    count = 0


@pytest.fixture
def wishes() -> Generator[Signals]:
    counted = Signals()

    def count(_number: int, _frame: object) -> None:
        counted.count += 1

    previous = signal.signal(signal.SIGTERM, count)
    yield counted
    signal.signal(signal.SIGTERM, previous)


def build_watch(
    vitals: Vitals, *, memory: int = 0, answers: bool = True, **bounds: float
) -> RecycleWatch:
    return RecycleWatch(
        vitals,
        RecycleBounds(**bounds),  # type: ignore[arg-type]
        ping=lambda: answers,
        read_memory=lambda: memory * MEBIBYTE,
    )


def test_a_healthy_worker_stays(wishes: Signals) -> None:
    vitals = Vitals()
    vitals.loaded_bytes = 300 * MEBIBYTE
    build_watch(vitals, memory=800).look()
    assert (vitals.recycle_reason, wishes.count) == (None, 0)


@pytest.mark.parametrize(("bound", "memory"), [(0, 901), (500, 501)])
def test_an_idle_worker_that_grew_leaves_once(wishes: Signals, bound: int, memory: int) -> None:
    vitals = Vitals()
    vitals.loaded_bytes = 300 * MEBIBYTE
    watch = build_watch(vitals, memory=memory, memory_mb=bound)
    watch.look()
    watch.look()
    assert (vitals.recycle_reason, wishes.count) == ("memory", 1)


def test_a_busy_worker_that_grew_finishes_its_slice_first(wishes: Signals) -> None:
    vitals = Vitals()
    vitals.loaded_bytes = 100 * MEBIBYTE
    vitals.note_token()
    build_watch(vitals, memory=301).look()
    assert (vitals.is_recycling(), wishes.count) == (True, 0)


def test_a_bound_below_the_model_costs_no_loop_without_work(wishes: Signals) -> None:
    vitals = Vitals()
    build_watch(vitals, memory=90, memory_mb=1).look()
    assert not vitals.is_recycling()


def test_a_database_that_is_silent_beyond_the_bound_costs_one_start(wishes: Signals) -> None:
    vitals = Vitals()
    watch = build_watch(vitals, database_seconds=60)
    vitals.beat_at = time.monotonic() - 59
    watch.look()
    assert not vitals.is_recycling()
    vitals.beat_at = time.monotonic() - 61
    watch.look()
    assert (vitals.recycle_reason, wishes.count) == ("database_silent", 1)


def make_starved(vitals: Vitals, seconds: float) -> None:
    vitals.note_beat(has_work=True)
    vitals.starved_since = vitals.token_at = time.monotonic() - seconds


def test_a_worker_that_hears_no_token_beside_a_broker_that_answers_is_deaf(
    wishes: Signals,
) -> None:
    vitals = Vitals()
    make_starved(vitals, 29)
    build_watch(vitals).look()
    assert not vitals.is_recycling()
    make_starved(vitals, 31)
    build_watch(vitals).look()
    assert (vitals.recycle_reason, wishes.count) == ("deaf", 1)


def test_a_broker_that_is_away_makes_nobody_deaf(wishes: Signals) -> None:
    vitals = Vitals()
    make_starved(vitals, 31)
    build_watch(vitals, answers=False).look()
    assert (vitals.is_recycling(), vitals.starved_since) == (False, None)


def test_a_token_or_the_end_of_the_work_ends_the_hunger() -> None:
    vitals = Vitals()
    make_starved(vitals, 31)
    vitals.note_token()
    assert vitals.starved_since is None
    vitals.note_beat(has_work=True)
    assert vitals.starved_since is None
    vitals.note_idle()
    vitals.note_beat(has_work=True)
    assert vitals.starved_since is not None
    vitals.note_beat(has_work=False)
    assert vitals.starved_since is None
