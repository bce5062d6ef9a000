"""What the API's process does before anything else, so that it stays small."""

import ctypes
import importlib
import sys

M_ARENA_MAX = -8
"""As `malloc.h` of the GNU C library has it."""
ARENAS = 1
UNUSED = "rich.traceback"


def keep_memory_small() -> None:
    """Bound the allocator's arenas, and leave out what a library would load to no use."""
    bound_arenas()
    import_structlog_alone()


def bound_arenas() -> None:
    """Let all threads share one arena; under the interpreter's lock they hardly meet in it.

    By default there may be eight for each core, and each keeps what its threads once needed: for
    32 uploads at once that was 20 MB.
    """
    library = ctypes.CDLL(None)
    # Another C library has neither the function nor the arenas.
    if hasattr(library, "mallopt"):
        library.mallopt(M_ARENA_MAX, ARENAS)


def import_structlog_alone() -> None:
    """Import structlog without Rich's tracebacks.

    It takes them for a console that we do not use, where they are installed, and they take 11 MB.
    """
    if UNUSED in sys.modules:
        return
    # What stands for None here is not found, as if it were not installed.
    sys.modules[UNUSED] = None  # pyright: ignore[reportArgumentType] -- documented, not in the stubs
    try:
        importlib.import_module("structlog")
    finally:
        del sys.modules[UNUSED]
