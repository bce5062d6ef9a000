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


@pytest.mark.parametrize(("mebibytes", "workers"), [(550, 1), (1_599, 1), (1_600, 2)])
def test_a_small_machine_has_fewer_workers_than_cores(
    tmp_path: Path, mebibytes: int, workers: int
) -> None:
    (tmp_path / "proc").mkdir()
    facts = f"MemTotal: {mebibytes * 1024} kB\nMemAvailable: 1000 kB\n"
    (tmp_path / "proc" / "meminfo").write_text(facts)
    settings = build_settings(tmp_path, device="cpu")
    assert count_workers(settings, root=tmp_path) == min(CORES, workers)


def test_a_limit_of_memory_is_one_for_all_workers(tmp_path: Path) -> None:
    assert count_workers(build_settings(tmp_path, device="cpu", memory_limit_mb=1_000)) == 1


@pytest.mark.parametrize("wanted", [0, 1, 5])
def test_what_is_set_counts(tmp_path: Path, wanted: int) -> None:
    settings = build_settings(tmp_path, worker_processes=wanted, threads=3)
    assert (count_workers(settings), count_threads(settings)) == (wanted, 3)


def test_workers_share_the_cores(tmp_path: Path) -> None:
    assert count_threads(build_settings(tmp_path, worker_processes=1)) == CORES
    assert count_threads(build_settings(tmp_path, worker_processes=2 * CORES)) == 1
