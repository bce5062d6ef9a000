"""A model that nobody uses goes back to the machine, and to another worker that needs it."""

import threading
import time
from pathlib import Path

import pytest

from checkpoint_builder import build_checkpoint
from service_context import build_settings
from transcriber.engine.memory import MEBIBYTE
from transcriber.infra.memory_ledger import MemoryLedger
from transcriber.infra.settings import Settings
from transcriber.infra.vitals import Vitals
from transcriber.jobs.admission import Admission, MemoryShortageError
from transcriber.jobs.engines import LoadedEngines
from transcriber.jobs.kept_engines import KeptEngines


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    settings = build_settings(tmp_path, device="cpu")
    settings.models_dir.mkdir()
    (settings.models_dir / "base.pt").write_bytes(build_checkpoint())
    return settings


def build_worker(settings: Settings, idle_seconds: float) -> KeptEngines:
    """The engines of one worker of a machine on which a single model fits."""
    need = Admission(settings, None).estimate("base")
    ledger = MemoryLedger(settings.memory_ledger_dir, limit_bytes=need + 100 * MEBIBYTE)
    engines = LoadedEngines(settings, admission=Admission(settings, ledger))
    return KeptEngines(engines, Vitals(), idle_seconds)


def test_a_worker_short_of_memory_gets_that_of_an_idle_one(settings: Settings) -> None:
    idle, short = build_worker(settings, 0.2), build_worker(settings, 0.2)
    with idle.in_use():
        idle.load("base")
    with pytest.raises(MemoryShortageError):
        short.load("base")
    time.sleep(0.3)
    idle.release_idle()
    assert short.find_problem("base") is None
    short.load("base")
    short.release()


def test_a_token_without_work_is_no_use_of_the_model(settings: Settings) -> None:
    worker, other = build_worker(settings, 0.2), build_worker(settings, 0.2)
    with worker.in_use():
        worker.load("base")
    for _ in range(3):
        time.sleep(0.1)
        with worker.in_use():
            pass
    worker.release_idle()
    assert other.find_problem("base") is None


def test_a_model_at_work_is_kept_however_long_the_work_takes(settings: Settings) -> None:
    worker, other = build_worker(settings, 0.1), build_worker(settings, 0.1)
    with worker.in_use():
        worker.load("base")
        time.sleep(0.2)
        looking = threading.Thread(target=worker.release_idle)
        looking.start()
        looking.join()
    assert isinstance(other.find_problem("base"), MemoryShortageError)
    worker.release()


@pytest.mark.parametrize("idle_seconds", [0, 600])
def test_before_its_time_the_model_is_kept(settings: Settings, idle_seconds: float) -> None:
    worker, other = build_worker(settings, idle_seconds), build_worker(settings, idle_seconds)
    worker.load("base")
    time.sleep(0.1)
    worker.release_idle()
    assert isinstance(other.find_problem("base"), MemoryShortageError)
    worker.release()
