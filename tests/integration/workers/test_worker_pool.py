"""`transcriber worker` as an operator runs it: a parent that keeps its workers alive."""

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from service_context import build_settings, open_context
from transcriber.infra.errors import StartupError
from transcriber.infra.heartbeats import count_live_workers
from transcriber.infra.settings import Settings
from transcriber.worker_pool import run_workers
from worker_process import run_broker, wait_for

COMMAND = [str(Path(sys.executable).parent / "transcriber"), "worker"]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return build_settings(
        tmp_path, worker_processes=2, worker_nice=7, heartbeat_seconds=1, log_format="json"
    )


@contextmanager
def _run_pool(settings: Settings) -> Generator["subprocess.Popen[str]"]:
    process = subprocess.Popen(
        COMMAND,
        env={**os.environ, **settings.to_environment()},
        stderr=subprocess.PIPE,
        text=True,
    )
    with process:
        try:
            yield process
        finally:
            process.kill()


def _list_workers(parent: "subprocess.Popen[str]") -> list[psutil.Process]:
    workers: list[psutil.Process] = []
    for each in psutil.Process(parent.pid).children(recursive=True):
        # One that has just died is no worker any more.
        with contextlib.suppress(psutil.Error):
            if "transcriber.worker" in each.cmdline():
                workers.append(each)
    return workers


def test_a_killed_worker_is_started_again_and_sigterm_drains_them_all(settings: Settings) -> None:
    with open_context(settings) as context, run_broker(settings), _run_pool(settings) as pool:

        def count_live() -> int:
            with context.database.snapshot() as session:
                return count_live_workers(session, 30)

        wait_for(lambda: count_live() == 2)
        first, second = _list_workers(pool)
        # The API goes first where all cores transcribe.
        ours = psutil.Process().nice()
        assert {first.nice(), second.nice()} == {max(7, ours)}
        assert psutil.Process(pool.pid).nice() == ours
        first.kill()
        wait_for(lambda: {each.pid for each in _list_workers(pool)} - {first.pid, second.pid})
        wait_for(lambda: count_live() == 3)
        workers = _list_workers(pool)
        pool.send_signal(signal.SIGTERM)
        assert pool.wait(30) == 0
        assert not psutil.wait_procs(workers, timeout=1)[1]
        # Those that were at work removed their rows; the killed one's grows stale.
        assert count_live() < 3


def test_the_workers_end_with_their_killed_parent(settings: Settings) -> None:
    with open_context(settings), run_broker(settings), _run_pool(settings) as pool:
        wait_for(lambda: len(_list_workers(pool)) == 2)
        workers = _list_workers(pool)
        pool.kill()
        assert not psutil.wait_procs(workers, timeout=10)[1]


def test_no_worker_at_all_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StartupError, match="no worker to run"):
        run_workers(build_settings(tmp_path, worker_processes=0))
