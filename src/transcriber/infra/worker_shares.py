"""How the machine's cores are shared between worker processes, where the settings leave it open."""

import os
from pathlib import Path

from transcriber.infra.settings import Settings

MOST_WORKERS = 8
"""Each holds a model of its own, so beyond this the cores are shared between these."""

_GPU_DRIVER = Path("/proc/driver/nvidia/version")


def count_workers(settings: Settings, *, gpu_driver: Path = _GPU_DRIVER) -> int:
    """How many worker processes this machine runs.

    Without `WORKER_PROCESSES` one for each core, at most eight, since processes of one thread each
    transcribe more than one process of all threads; and a single one where a GPU may be used.
    """
    if settings.worker_processes is not None:
        return settings.worker_processes
    may_use_gpu = settings.device == "cuda" or (settings.device == "auto" and gpu_driver.exists())
    return 1 if may_use_gpu else min(_count_cores(), MOST_WORKERS)


def count_threads(settings: Settings) -> int:
    """How many CPU threads each worker computes with: `THREADS`, or its share of the cores."""
    return settings.threads or max(1, _count_cores() // max(1, count_workers(settings)))


def _count_cores() -> int:
    return len(os.sched_getaffinity(0))
