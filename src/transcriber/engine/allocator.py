"""Memory allocator settings that suit the engine, for entry points to apply at their start."""

import ctypes
import ctypes.util
import gc
from typing import Any

_M_TRIM_THRESHOLD = -1
_M_MMAP_THRESHOLD = -3
_M_ARENA_MAX = -8
"""Numbers of glibc's `mallopt` parameters, from its malloc.h."""

_THRESHOLD_BYTES = 512 * 1024 * 1024


def _find_function(name: str) -> Any:
    library = ctypes.util.find_library("c")
    return getattr(ctypes.CDLL(library), name, None) if library else None


def release_memory() -> None:
    """Give the system back what Python and the C library hold but do not use.

    Tuned as below, the allocator keeps what a model used after the model is gone.
    """
    gc.collect()
    malloc_trim = _find_function("malloc_trim")
    if malloc_trim is not None:
        malloc_trim(0)


def tune_allocator() -> bool:
    """Let glibc keep large blocks instead of returning and mapping them for every window.

    CTranslate2 allocates and frees big buffers for each window, and the page faults cost up to
    a third of the CPU time.  The process keeps what it once used, so its memory stays at its
    peak.  All threads share one arena: with one each, every decoder's would keep its own peak.
    Call it once, before a model is loaded.

    Returns:
        Whether the settings were accepted; False where the C library is not glibc.
    """
    mallopt = _find_function("mallopt")
    if mallopt is None:
        return False
    return bool(
        mallopt(_M_ARENA_MAX, 1)
        and mallopt(_M_MMAP_THRESHOLD, _THRESHOLD_BYTES)
        and mallopt(_M_TRIM_THRESHOLD, _THRESHOLD_BYTES)
    )
