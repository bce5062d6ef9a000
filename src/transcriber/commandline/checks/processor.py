"""Which processor the engine will use, and how."""

import os
from collections.abc import Iterator
from pathlib import Path

from transcriber.commandline.checks.finding import Finding

_DRIVER = Path("/proc/driver/nvidia/version")


def check_processor(driver: Path = _DRIVER) -> Iterator[Finding]:
    """Ask CTranslate2 which devices it can compute on."""
    import ctranslate2  # noqa: PLC0415 - slow to import.

    from transcriber.engine.models import choose_compute_type  # noqa: PLC0415

    cores = len(os.sched_getaffinity(0))
    yield Finding("cpu", "ok", f"{cores} cores, computing in {choose_compute_type('cpu')}")
    count = ctranslate2.get_cuda_device_count()
    if count:
        yield Finding("gpu", "ok", f"{count} found, computing in {choose_compute_type('cuda')}")
    elif driver.exists():
        yield Finding(
            "gpu",
            "warn",
            "an NVIDIA driver is loaded but no GPU can be used",
            "Install CUDA 12 with cuBLAS and cuDNN 9, and give this user the /dev/nvidia* devices.",
        )
    else:
        yield Finding("gpu", "skip", "none, so the CPU is used")
