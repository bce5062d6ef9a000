"""Memory allocator settings that suit the engine, for entry points to apply at their start."""

import ctypes
import ctypes.util

_M_TRIM_THRESHOLD = -1
_M_MMAP_THRESHOLD = -3
"""Numbers of glibc's `mallopt` parameters, from its malloc.h."""

_THRESHOLD_BYTES = 512 * 1024 * 1024


def tune_allocator() -> bool:
    """Let glibc keep large blocks instead of returning and mapping them for every window.

    CTranslate2 allocates and frees big buffers for each window, and the page faults cost up to
    a third of the CPU time.  The process keeps what it once used, so its memory stays at its
    peak.  Call it once, before a model is loaded.

    Returns:
        Whether the settings were accepted; False where the C library is not glibc.
    """
    library = ctypes.util.find_library("c")
    mallopt = getattr(ctypes.CDLL(library), "mallopt", None) if library else None
    if mallopt is None:
        return False
    return bool(
        mallopt(_M_MMAP_THRESHOLD, _THRESHOLD_BYTES)
        and mallopt(_M_TRIM_THRESHOLD, _THRESHOLD_BYTES)
    )
