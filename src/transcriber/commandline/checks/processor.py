"""Which processor the engine will use, and how."""

import os
from collections.abc import Iterator
from pathlib import Path

from transcriber.commandline.checks.finding import Finding

_DRIVER = Path("/proc/driver/nvidia/version")
_REMEDY = (
    "Install cuBLAS of CUDA 12 where the dynamic linker finds it (LD_LIBRARY_PATH), and give this "
    "user the /dev/nvidia* devices."
)


def check_processor(driver: Path = _DRIVER) -> Iterator[Finding]:
    """Ask CTranslate2 which devices it can compute on."""
    import ctranslate2  # noqa: PLC0415 - slow to import.

    from transcriber.engine.gpu import BLAS, can_multiply  # noqa: PLC0415
    from transcriber.engine.models import choose_compute_type  # noqa: PLC0415

    cores = len(os.sched_getaffinity(0))
    yield Finding("cpu", "ok", f"{cores} cores, computing in {choose_compute_type('cpu')}")
    count = ctranslate2.get_cuda_device_count()
    if count and not can_multiply():
        yield Finding("gpu", "warn", f"{count} found, but not {BLAS}, so the CPU is used", _REMEDY)
    elif count:
        yield Finding("gpu", "ok", f"{count} found, computing in {choose_compute_type('cuda')}")
    elif driver.exists():
        yield Finding(
            "gpu",
            "warn",
            "an NVIDIA driver is loaded but no GPU can be used",
            _REMEDY,
        )
    else:
        yield Finding("gpu", "skip", "none, so the CPU is used")
