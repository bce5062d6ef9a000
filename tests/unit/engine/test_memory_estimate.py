import errno

import pytest

from transcriber.engine.errors import MediaError, OutOfMemoryError
from transcriber.engine.memory import describe_bytes, estimate_memory, is_out_of_memory

MEBIBYTE = 1 << 20


@pytest.mark.parametrize(
    ("stored_mib", "compute_type", "measured_mib"),
    [
        # Peaks of resident memory, from docs/operations/sizing.md.
        (139, "int8_float32", 784),
        (139, "float32", 789),
        (461, "int8_float32", 1556),
        (461, "float32", 2189),
        (1457, "int8_float32", 3588),
    ],
)
def test_the_estimate_covers_what_was_measured_without_wasting_half(
    stored_mib: int, compute_type: str, measured_mib: int
) -> None:
    estimate = estimate_memory(stored_mib * MEBIBYTE, compute_type) / MEBIBYTE
    assert measured_mib < estimate < 1.5 * measured_mib


@pytest.mark.parametrize(
    "error",
    [
        MemoryError(),
        OSError(errno.ENOMEM, "Cannot allocate memory"),
        RuntimeError("CUDA failed with error out of memory"),
        RuntimeError("std::bad_alloc"),
        RuntimeError("could not create a memory object"),
        RuntimeError("Resource temporarily unavailable"),
        RuntimeError("cuBLAS failed with status CUBLAS_STATUS_ALLOC_FAILED"),
        OutOfMemoryError("Memory ran out."),
    ],
)
def test_every_library_s_words_are_understood(error: Exception) -> None:
    assert is_out_of_memory(error)


@pytest.mark.parametrize(
    "error",
    [
        RuntimeError("the model is broken"),
        OSError(errno.ENOSPC, "No space left on device"),
        MediaError("'out of memory.mp3' cannot be decoded."),
    ],
)
def test_nothing_else_is_taken_for_it(error: Exception) -> None:
    assert not is_out_of_memory(error)


def test_sizes_are_readable() -> None:
    assert describe_bytes(640_000_000) == "640 MB"
    assert describe_bytes(10_240_000_000) == "10.2 GB"
