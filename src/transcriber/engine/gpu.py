"""What CTranslate2 does not tell of a GPU: whether it can compute there, and the free memory."""

import ctypes
from typing import Any

from transcriber.engine.memory import weigh

MOST_DECODERS = 4
"""More side by side were not faster (docs/performance.md)."""

BLAS = "libcublas.so.12"
"""The library that CTranslate2 multiplies matrices with, which its wheel does not bring and which
it looks for when it first needs it: long after it has counted the GPUs."""

_DECODER_SHARE = 1.2
"""What a decoder holds beside the weights, by the bytes of the stored ones, measured (see
docs/operations/gpu.md): the keys and values of a batch of chunks with its hypotheses, and the
encoder's buffers."""

_DRIVER = "libcuda.so.1"


def can_multiply(library: str = BLAS) -> bool:
    """Say whether the library is there that every matrix product on a GPU needs.

    Args:
        library: By the name the dynamic linker knows.
    """
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def read_free_bytes(library: str = _DRIVER) -> int | None:
    """Bytes that are free on the first GPU this process may use.

    Args:
        library: The driver's, by the name the dynamic linker knows.

    Returns:
        None where there is no driver, or it does not say.
    """
    try:
        driver = ctypes.CDLL(library)
        return _ask(driver)
    except (OSError, AttributeError):
        # No driver, or one so old that it lacks a call.
        return None


def count_decoders(free_bytes: int | None, stored_bytes: int, compute_type: str) -> int:
    """How many decoders of a model a GPU has room for, one at least.

    The weights are counted twice: all decoders share one copy, and where chunks are sampled a
    further one is loaded for that.

    Args:
        free_bytes: From `read_free_bytes`; None counts as no more than one needs.
        stored_bytes: Size of the directory's `model.bin`.
        compute_type: CTranslate2's name, such as `float16`.
    """
    if free_bytes is None:
        return 1
    left = free_bytes - 2 * weigh(stored_bytes, compute_type)
    return max(1, min(MOST_DECODERS, int(left / (stored_bytes * _DECODER_SHARE))))


def _ask(driver: Any) -> int | None:
    device, context = ctypes.c_int(), ctypes.c_void_p()
    free, total = ctypes.c_size_t(), ctypes.c_size_t()
    # The first context of a device is the one that CTranslate2 computes in: it is made once, and
    # kept for that.
    steps = (
        lambda: driver.cuInit(0),
        lambda: driver.cuDeviceGet(ctypes.byref(device), 0),
        lambda: driver.cuDevicePrimaryCtxRetain(ctypes.byref(context), device),
        lambda: driver.cuCtxPushCurrent_v2(context),
        lambda: driver.cuMemGetInfo_v2(ctypes.byref(free), ctypes.byref(total)),
        lambda: driver.cuCtxPopCurrent_v2(ctypes.byref(context)),
    )
    # Each gives 0 where it went well.
    return None if any(step() for step in steps) else free.value
