"""How the machine's cores are shared between worker processes, where the settings leave it open."""

import os
from pathlib import Path

from transcriber.infra.machine_memory import read_machine_memory
from transcriber.infra.settings import Settings

MOST_WORKERS = 8
"""Each holds a model of its own, so beyond this the cores are shared between these."""

MEMORY_EACH_BYTES = 800 * 2**20
"""What a worker with a small model is estimated to take (docs/operations/sizing.md): where there is
less for each, a container would be full before anything is transcribed."""

_GPU_DRIVER = Path("/proc/driver/nvidia/version")


def count_workers(
    settings: Settings, *, gpu_driver: Path = _GPU_DRIVER, root: Path = Path("/")
) -> int:
    """How many worker processes this machine runs.

    Without `WORKER_PROCESSES` one for each core, at most eight, since processes of one thread each
    transcribe more than one process of all threads; fewer where there is not the memory for so
    many, and a single one where a GPU may be used.
    """
    if settings.worker_processes is not None:
        return settings.worker_processes
    may_use_gpu = settings.device == "cuda" or (settings.device == "auto" and gpu_driver.exists())
    if may_use_gpu:
        return 1
    return max(1, min(_count_cores(), MOST_WORKERS, _count_by_memory(settings, root)))


def count_threads(settings: Settings) -> int:
    """How many CPU threads each worker computes with: `THREADS`, or its share of the cores."""
    return settings.threads or max(1, _count_cores() // max(1, count_workers(settings)))


def _count_cores() -> int:
    return len(os.sched_getaffinity(0))


def _count_by_memory(settings: Settings, root: Path) -> int:
    try:
        # What there is and not what is left of it: every process must come to the same number.
        total = read_machine_memory(root).total_bytes
    except OSError:
        # Not Linux, where nobody says.
        return MOST_WORKERS
    if settings.memory_limit_mb:
        total = min(total, settings.memory_limit_mb * 2**20)
    return total // MEMORY_EACH_BYTES
