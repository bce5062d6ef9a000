"""What a model needs of memory, and how to tell that memory ran out.

The estimate was measured on Linux with glibc, see docs/operations/sizing.md: the peak of resident
memory of a process that loads a model, transcribes a batch of chunks, and decodes one again.
"""

import errno
from collections.abc import Generator
from contextlib import contextmanager

from transcriber.engine.errors import EngineError, OutOfMemoryError

MEBIBYTE = 1 << 20
MEGABYTE = 10**6
GIGABYTE = 10**9

BASE_BYTES = 400 * MEBIBYTE
"""The interpreter, the libraries, the speech detector, and the child that decodes media."""

STORED_WEIGHT_BYTES = 2
"""A checkpoint of OpenAI's, and what it is converted to, stores float16."""

_WEIGHT_BYTES = {"float32": 4.0, "float16": 2.0, "bfloat16": 2.0, "int16": 2.0}
_QUANTISED_BYTES = 1.0
_BUFFER_SHARE = 2.4
"""What loading and decoding hold beside the weights in use, by the bytes of the stored ones: the
weights as they are read, the encoder's buffers, the keys and values of a batch of chunks, and of a
window that is decoded again with several hypotheses."""

# CTranslate2, oneDNN, CUDA, ONNX Runtime and the C++ library each say it in their own words.
_SIGNS = (
    "out of memory",
    "bad_alloc",
    "bad allocation",
    "failed to allocate memory",
    "cannot allocate memory",
    "unable to allocate",
    "could not create a memory",
    "alloc_failed",
    # A thread for which there is no stack.
    "resource temporarily unavailable",
)


def estimate_memory(stored_bytes: int, compute_type: str) -> int:
    """Bytes of main memory that a process needs to transcribe with a model.

    Args:
        stored_bytes: Size of the checkpoint, or of the directory's `model.bin`.
        compute_type: CTranslate2's name, such as `int8_float32`.
    """
    return BASE_BYTES + weigh(stored_bytes, compute_type) + round(stored_bytes * _BUFFER_SHARE)


def weigh(stored_bytes: int, compute_type: str) -> int:
    """Bytes of a model's weights in use.

    Args:
        stored_bytes: Size of the checkpoint, or of the directory's `model.bin`.
        compute_type: CTranslate2's name, such as `int8_float32`.
    """
    bytes_each = _WEIGHT_BYTES.get(compute_type, _QUANTISED_BYTES)
    return round(stored_bytes * bytes_each / STORED_WEIGHT_BYTES)


def describe_bytes(count: int) -> str:
    """A size as people read it, such as `6.4 GB`, in powers of 1,000."""
    if count < GIGABYTE:
        return f"{count / MEGABYTE:.0f} MB"
    return f"{count / GIGABYTE:.1f} GB"


def is_out_of_memory(error: BaseException) -> bool:
    """Say whether an error of a library means that memory could not be had."""
    if isinstance(error, MemoryError | OutOfMemoryError):
        return True
    if isinstance(error, OSError):
        return error.errno == errno.ENOMEM
    is_native = isinstance(error, RuntimeError) or type(error).__module__.startswith("onnxruntime")
    return is_native and any(sign in str(error).lower() for sign in _SIGNS)


@contextmanager
def name_memory_errors() -> Generator[None]:
    """Give every library's way of saying that memory ran out one name.

    Raises:
        OutOfMemoryError: in place of the library's error.
    """
    try:
        yield
    except (EngineError, GeneratorExit):
        raise
    except Exception as error:
        if not is_out_of_memory(error):
            raise
        raise OutOfMemoryError("Memory ran out.") from error
