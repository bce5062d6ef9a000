"""What breaks under a real service fires its alerts under a real Prometheus, until it is mended."""

import os
import time
from collections.abc import Callable, Generator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from chaos.faultdisk import mount_small_disk
from checkpoint_builder import build_checkpoint
from prometheus_server import Prometheus, find_prometheus, run_prometheus
from serve_process import serve
from service_context import build_settings
from transcriber.infra.settings import Settings
from worker_process import run_broker, start_worker

DISK_BYTES = 8 * 1024**2
LOW_WATER_BYTES = 1024**2
BELIEVED_SECONDS = 5 * 60.0
"""How long the slowest of the rules waits before it tells."""
PATIENCE_SECONDS = BELIEVED_SECONDS + 120.0
LOOK_SECONDS = 1.0
FULL_DISK = {
    ("TranscriberDiskLow", ""),
    ("TranscriberNotReady", "disk"),
    ("TranscriberNotReady", "storage"),
}
DAMAGED_MODEL = {("TranscriberNotReady", "workers"), ("TranscriberWorkerRefuses", "")}
NO_BROKER = {("TranscriberNotReady", "broker")}

pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(
        find_prometheus() is None,
        reason="Prometheus is not installed; `make alerts` installs and runs it.",
    ),
    pytest.mark.skipif(os.geteuid() != 0, reason="only root can mount a small disk"),
]


@dataclass(frozen=True)
class Watched:
    settings: Settings
    broker: Settings
    disk: Path
    prometheus: Prometheus

    def wait_until_firing(self, alerts: set[tuple[str, str]]) -> None:
        self._wait(lambda: self._list("firing") >= alerts)

    def wait_until_quiet(self) -> None:
        """None of them fires or is about to; a disk that was full may well look as if it filled."""
        faults = FULL_DISK | DAMAGED_MODEL | NO_BROKER
        self._wait(lambda: not faults & (self._list("firing") | self._list("pending")))

    def _wait(self, is_true: Callable[[], bool]) -> None:
        began = time.monotonic()
        while not is_true():
            waited = time.monotonic() - began
            assert waited < PATIENCE_SECONDS, (self._list("firing"), self._list("pending"))
            time.sleep(LOOK_SECONDS)

    def _list(self, state: str) -> set[tuple[str, str]]:
        alerts = self.prometheus.list_all_alerts(state)
        return {(each["alertname"], each.get("check", "")) for each in alerts}


@pytest.fixture
def watched(tmp_path: Path) -> Generator[Watched]:
    """Everything that may break is on its own: the broker, the worker, the disk of the storage."""
    with ExitStack() as ending:
        disk = ending.enter_context(mount_small_disk(tmp_path / "disk", DISK_BYTES))
        broker = build_settings(tmp_path / "broker")
        settings = build_settings(
            tmp_path / "data",
            port=0,
            worker_processes=0,
            storage_dir=disk,
            disk_low_water_bytes=LOW_WATER_BYTES,
            broker_url=f"redis+socket://{broker.broker_socket}",
        )
        settings.models_dir.mkdir(parents=True)
        (settings.models_dir / "base.pt").write_bytes(build_checkpoint())
        service = ending.enter_context(serve(settings))
        service.wait_until_up(children=0)
        target = service.address.removeprefix("http://")
        prometheus = ending.enter_context(run_prometheus(target))
        yield Watched(settings, broker, disk, prometheus)


@pytest.mark.timeout(2_000)
def test_what_breaks_fires_until_it_is_mended(watched: Watched) -> None:
    model = watched.settings.models_dir / "base.pt"
    whole = model.read_bytes()
    with start_worker(watched.settings):
        with run_broker(watched.broker):
            watched.wait_until_quiet()
            (watched.disk / "other").write_bytes(bytes(DISK_BYTES - 64 * 1024))
            model.write_bytes(whole[:-100])
            watched.wait_until_firing(FULL_DISK | DAMAGED_MODEL)
            (watched.disk / "other").unlink()
            model.write_bytes(whole)
            watched.wait_until_quiet()
        watched.wait_until_firing(NO_BROKER)
        with run_broker(watched.broker):
            watched.wait_until_quiet()
