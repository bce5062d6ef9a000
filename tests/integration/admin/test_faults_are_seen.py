"""What breaks under a running service is told within fifteen seconds, and its mending too.

Everything is real: `serve`, the broker, the worker process (its engine alone is not), a full disk.
What a browser shows of it is seen by `web/e2e/faults.journey.ts`.
"""

import os
import signal
import time
from collections.abc import Callable, Generator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from chaos.faultdisk import mount_small_disk
from checkpoint_builder import build_checkpoint
from live_api import add_account
from serve_process import serve
from service_context import build_settings, open_context
from transcriber.infra.settings import Settings
from worker_process import run_broker, start_worker, wait_for

WITHIN_SECONDS = 15.0
DISK_BYTES = 8 * 1024**2
METRICS_TOKEN = "token-of-the-scraper"


@dataclass(frozen=True)
class View:
    """What the three places said at about one moment.

    Attributes:
        failing: The checks of `/readyz` that fail.
        parts: Of the problems that the system's health lists.
        samples: Of `/metrics`, by name and labels.
    """

    failing: set[str]
    parts: set[str]
    samples: dict[tuple[str, frozenset[tuple[str, str]]], float]

    def read(self, name: str, **labels: str) -> float | None:
        """A sample; None where there is none."""
        return self.samples.get((name, frozenset(labels.items())))

    def is_well(self) -> bool:
        is_working = self.read("transcriber_workers", state="ready") == 1
        return is_working and not self.failing and not self.parts


@dataclass
class Watched:
    """A running service as an operator sees it."""

    settings: Settings
    client: httpx.Client

    def look(self) -> View:
        ready = self.client.get("/readyz")
        failing = {each["name"] for each in ready.json()["checks"] if not each["is_ok"]}
        assert (ready.status_code == 503) == bool(failing)
        health: dict[str, Any] = self.client.get("/api/admin/health/system").json()
        scraper = {"Authorization": f"Bearer {METRICS_TOKEN}"}
        scraped = self.client.get("/metrics", headers=scraper)
        assert scraped.status_code == 200
        samples = {
            (sample.name, frozenset(sample.labels.items())): sample.value
            for family in text_string_to_metric_families(scraped.text)
            for sample in family.samples
        }
        return View(failing, {each["part"] for each in health["problems"]}, samples)

    def wait_until(self, is_seen: Callable[[View], bool]) -> None:
        """It must be said in all places before the time is over."""
        began = time.monotonic()
        while not is_seen(seen := self.look()):
            assert time.monotonic() - began < WITHIN_SECONDS, (seen.failing, seen.parts)
            time.sleep(0.2)
        assert time.monotonic() - began < WITHIN_SECONDS


@contextmanager
def watch(folder: Path, **choices: Any) -> Generator[Watched]:
    """`serve` without workers of its own, beside a broker that is not its own either."""
    with ExitStack() as ending:
        settings = build_settings(
            folder / "data",
            port=0,
            worker_processes=0,
            disk_low_water_bytes=1024**2,
            metrics_token=METRICS_TOKEN,
            broker_url=f"redis+socket://{build_settings(folder / 'broker').broker_socket}",
            **choices,
        )
        settings.models_dir.mkdir(parents=True)
        (settings.models_dir / "base.pt").write_bytes(build_checkpoint())
        context = ending.enter_context(open_context(settings))
        token = add_account(context, "admin")[1]
        service = ending.enter_context(serve(settings))
        service.wait_until_up(children=0)
        client = httpx.Client(
            base_url=service.address, headers={"Authorization": f"Bearer {token}"}, timeout=30
        )
        yield Watched(settings, ending.enter_context(client))


def wait_until_well(watched: Watched) -> None:
    """The first start takes as long as it takes."""
    wait_for(lambda: watched.look().is_well(), 240)


def lacks_workers(view: View) -> bool:
    told = view.read("transcriber_workers", state="ready") == 0
    return told and "workers" in view.failing and "workers" in view.parts


def test_a_worker_that_is_killed_or_stopped_is_missed(tmp_path: Path) -> None:
    with run_broker(build_settings(tmp_path / "broker")), watch(tmp_path) as watched:
        assert lacks_workers(watched.look())
        with start_worker(watched.settings) as worker:
            wait_until_well(watched)
            worker.kill()
            watched.wait_until(lacks_workers)
        with start_worker(watched.settings) as worker:
            wait_until_well(watched)
            worker.send_signal(signal.SIGSTOP)
            watched.wait_until(lacks_workers)
            worker.send_signal(signal.SIGCONT)
            watched.wait_until(View.is_well)


def has_no_broker(view: View) -> bool:
    told = view.read("transcriber_ready", check="broker") == 0
    return told and view.failing == {"broker"} and view.parts == {"broker"}


def has_no_model(view: View) -> bool:
    refusing = view.read("transcriber_workers", state="refusing") == 1
    return refusing and view.failing == {"workers"} and view.parts == {"workers", "models"}


def test_a_broker_that_stops_and_a_model_that_is_damaged_are_told(tmp_path: Path) -> None:
    broker = build_settings(tmp_path / "broker")
    with watch(tmp_path) as watched, start_worker(watched.settings):
        with run_broker(broker):
            wait_until_well(watched)
        watched.wait_until(has_no_broker)
        with run_broker(broker):
            watched.wait_until(View.is_well)
            model = watched.settings.models_dir / "base.pt"
            whole = model.read_bytes()
            model.write_bytes(whole[:-100])
            watched.wait_until(has_no_model)
            model.write_bytes(whole)
            watched.wait_until(View.is_well)


def has_no_room(view: View) -> bool:
    told = any(
        name == "transcriber_disk_free_bytes" and free < 1024**2
        for (name, _), free in view.samples.items()
    )
    return told and view.failing == {"storage", "disk"} and view.parts == {"storage", "disk"}


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can mount a small disk")
def test_a_disk_that_is_full_is_told(tmp_path: Path) -> None:
    with (
        mount_small_disk(tmp_path / "disk", DISK_BYTES) as disk,
        run_broker(build_settings(tmp_path / "broker")),
        watch(tmp_path, storage_dir=disk) as watched,
        start_worker(watched.settings),
    ):
        wait_until_well(watched)
        (disk / "other").write_bytes(bytes(DISK_BYTES - 64 * 1024))
        watched.wait_until(has_no_room)
        (disk / "other").unlink()
        watched.wait_until(View.is_well)
