import os
from pathlib import Path

import pytest

from service_context import build_settings
from transcriber.infra.worker_shares import MOST_WORKERS, count_threads, count_workers

CORES = len(os.sched_getaffinity(0))


def test_there_is_a_worker_for_each_core_unless_a_gpu_may_be_used(tmp_path: Path) -> None:
    driver = tmp_path / "version"
    settings = build_settings(tmp_path)
    assert count_workers(settings, gpu_driver=driver) == min(CORES, MOST_WORKERS)
    driver.touch()
    assert count_workers(settings, gpu_driver=driver) == 1
    on_cpu = build_settings(tmp_path, device="cpu")
    assert count_workers(on_cpu, gpu_driver=driver) == min(CORES, MOST_WORKERS)


@pytest.mark.parametrize("wanted", [0, 1, 5])
def test_what_is_set_counts(tmp_path: Path, wanted: int) -> None:
    settings = build_settings(tmp_path, worker_processes=wanted, threads=3)
    assert (count_workers(settings), count_threads(settings)) == (wanted, 3)


def test_workers_share_the_cores(tmp_path: Path) -> None:
    assert count_threads(build_settings(tmp_path, worker_processes=1)) == CORES
    assert count_threads(build_settings(tmp_path, worker_processes=2 * CORES)) == 1
