from collections.abc import Callable
from pathlib import Path

import pytest

from checkpoint_builder import build_checkpoint
from job_builders import FakeEngine
from service_context import build_settings
from transcriber.engine.errors import OutOfMemoryError
from transcriber.infra.memory_ledger import Room
from transcriber.jobs.admission import Admission, MemoryShortageError, describe_shortage
from transcriber.jobs.engines import LoadedEngines
from transcriber.jobs.memory_fallback import describe_fewer, work_with_less

GIGABYTE = 10**9


class FakeLedger:
    def __init__(self, room: Room) -> None:
        self.room = room
        self.reserved = 0

    def look(self) -> Room:
        return self.room

    def reserve(self, count: int) -> Room | None:
        if count > self.room.free_bytes:
            return self.room
        self.reserved = count
        return None

    def release(self) -> None:
        self.reserved = 0


def build_engines(
    tmp_path: Path, ledger: FakeLedger, *, compute_type: str = "auto", **bounds: float
) -> LoadedEngines:
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "base.pt").write_bytes(build_checkpoint())
    settings = build_settings(tmp_path, device="cpu", compute_type=compute_type)
    return LoadedEngines(settings, admission=Admission(settings, ledger), **bounds)


def test_a_model_that_does_not_fit_is_not_loaded_and_not_called_damaged(tmp_path: Path) -> None:
    ledger = FakeLedger(Room(4 * GIGABYTE, GIGABYTE // 5))
    engines = build_engines(tmp_path, ledger)
    assert isinstance(engines.find_problem("base"), MemoryShortageError)
    with pytest.raises(MemoryShortageError) as caught:
        engines.load("base")
    assert caught.value.code == "memory_short"
    assert ledger.reserved == 0
    ledger.room = Room(4 * GIGABYTE, 4 * GIGABYTE)
    assert engines.find_problem("base") is None


def test_a_loaded_model_holds_its_reservation_until_it_is_released(tmp_path: Path) -> None:
    ledger = FakeLedger(Room(4 * GIGABYTE, 4 * GIGABYTE))
    engines = build_engines(tmp_path, ledger)
    engines.load("base")
    assert ledger.reserved > 0
    engines.release()
    assert ledger.reserved == 0


def test_on_the_smallest_choice_nothing_smaller_is_left(tmp_path: Path) -> None:
    engines = build_engines(tmp_path, FakeLedger(Room(4 * GIGABYTE, 4 * GIGABYTE)))
    engines.load("base")
    assert engines.load_smaller("base") is None


def test_what_did_not_fit_is_not_loaded_again_for_every_span(tmp_path: Path) -> None:
    ledger = FakeLedger(Room(4 * GIGABYTE, 4 * GIGABYTE))
    engines = build_engines(tmp_path, ledger, compute_type="float32")
    whole = engines.load("base")
    assert (whole.compute_type, engines.is_reduced) == ("float32", False)
    smaller = engines.load_smaller("base")
    assert smaller is not None
    assert (smaller.compute_type, engines.is_reduced) == ("int8_float32", True)
    assert engines.load("base") is smaller
    # Also after somebody else's model, or an idle hour.
    engines.release()
    assert engines.load("base").compute_type == "int8_float32"


def test_the_chosen_way_is_tried_again_after_a_while(tmp_path: Path) -> None:
    ledger = FakeLedger(Room(4 * GIGABYTE, 4 * GIGABYTE))
    engines = build_engines(tmp_path, ledger, compute_type="float32", reduced_seconds=0)
    engines.load("base")
    assert engines.load_smaller("base") is not None
    assert engines.load("base").compute_type == "float32"
    assert not engines.is_reduced


def test_the_reason_says_whether_waiting_can_help() -> None:
    waits = describe_shortage(10 * GIGABYTE, [Room(16 * GIGABYTE, 6 * GIGABYTE)])
    assert "needs about 10.0 GB of memory; 6.0 GB are free" in waits
    never = describe_shortage(10 * GIGABYTE, [Room(8 * GIGABYTE, 6 * GIGABYTE)])
    assert "no live worker's machine has more than 8.0 GB" in never


class LadderEngines:
    """A full model, then smaller ones, as many as a test says."""

    def __init__(self, smaller: int) -> None:
        self.smaller = smaller
        self.loads: list[str] = []
        self.is_reduced = False

    def load(self, model: str) -> FakeEngine:
        self.loads.append("full")
        return FakeEngine()

    def load_smaller(self, model: str) -> FakeEngine | None:
        self.loads.append("smaller")
        self.smaller -= 1
        return FakeEngine() if self.smaller >= 0 else None

    def release(self) -> None:
        return

    def find_problem(self, model: str) -> None:
        return None

    def find_checksum(self, model: str) -> str:
        return ""

    def measure_room(self) -> None:
        return None


def fail_times(count: int) -> Callable[[object], str]:
    left = [count]

    def work(engine: object) -> str:
        left[0] -= 1
        if left[0] >= 0:
            raise MemoryError
        return "done"

    return work


def test_the_work_is_done_again_with_a_smaller_model() -> None:
    engines, notes = LadderEngines(2), list[str]()
    assert work_with_less(engines, "base", fail_times(2), notes.append) == "done"
    assert engines.loads == ["full", "smaller", "smaller"]
    assert (
        notes == ["Memory ran out; the model was loaded again to compute as fake on the cpu."] * 2
    )


def test_work_that_begins_with_a_smaller_model_says_so() -> None:
    engines, notes = LadderEngines(0), list[str]()
    engines.is_reduced = True
    assert work_with_less(engines, "base", fail_times(0), notes.append) == "done"
    assert notes == ["Memory ran out; the model was loaded again to compute as fake on the cpu."]


def test_below_the_smallest_model_it_ends_with_a_code_of_its_own() -> None:
    with pytest.raises(OutOfMemoryError) as caught:
        work_with_less(LadderEngines(1), "base", fail_times(9), list[str]().append)
    assert caught.value.code == "out_of_memory"


def test_the_warning_tells_from_when_to_when() -> None:
    assert describe_fewer(5, 2, 750.4, 3661.0) == (
        "Memory ran out; decoded with 2 instead of 5 hypotheses from 00:12:30 to 01:01:01."
    )
