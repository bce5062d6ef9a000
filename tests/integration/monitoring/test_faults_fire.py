"""What breaks under a real service fires its alerts under a real Prometheus, until it is mended."""

import os
from collections.abc import Generator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from chaos.faultdisk import mount_small_disk
from checkpoint_builder import build_checkpoint
from prometheus_server import Prometheus, find_prometheus, run_prometheus
from serve_process import serve, wait_for
from service_context import build_settings
from transcriber.infra.settings import Settings
from worker_process import run_broker, start_worker

DISK_BYTES = 8 * 1024**2
LOW_WATER_BYTES = 1024**2
BELIEVED_SECONDS = 5 * 60.0
"""How long the slowest of the rules waits before it tells."""
PATIENCE_SECONDS = BELIEVED_SECONDS + 120.0
FIRING = {
    ("TranscriberNotReady", "broker"),
    ("TranscriberNotReady", "disk"),
    ("TranscriberNotReady", "storage"),
    ("TranscriberNotReady", "workers"),
    ("TranscriberDiskLow", ""),
    ("TranscriberWorkerRefuses", ""),
}

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

    def list_firing(self) -> set[tuple[str, str]]:
        return {(each["alertname"], each.get("check", "")) for each in self._list("firing")}

    def is_quiet(self) -> bool:
        return not self._list("firing") and not self._list("pending")

    def _list(self, state: str) -> list[dict[str, str]]:
        return self.prometheus.list_all_alerts(state)


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


@pytest.mark.timeout(1_200)
def test_what_breaks_fires_until_it_is_mended(watched: Watched) -> None:
    model = watched.settings.models_dir / "base.pt"
    whole = model.read_bytes()
    with start_worker(watched.settings):
        with run_broker(watched.broker):
            wait_for(watched.is_quiet, PATIENCE_SECONDS)
        # The broker is gone now.
        (watched.disk / "other").write_bytes(bytes(DISK_BYTES - 64 * 1024))
        model.write_bytes(whole[:-100])
        wait_for(lambda: watched.list_firing() >= FIRING, PATIENCE_SECONDS)
        with run_broker(watched.broker):
            (watched.disk / "other").unlink()
            model.write_bytes(whole)
            wait_for(watched.is_quiet, PATIENCE_SECONDS)
