"""Turn tensor references into NumPy views of the file, checked against its storages."""

import math

import numpy as np
import numpy.typing as npt

from transcriber.engine.checkpoint.archive import Archive
from transcriber.engine.checkpoint.references import StorageType, TensorReference
from transcriber.engine.errors import ModelError
from transcriber.engine.quoting import quote

Tensor = npt.NDArray[np.floating]

DTYPES: dict[StorageType, np.dtype[np.generic]] = {
    StorageType.HALF: np.dtype("<f2"),
    StorageType.FLOAT: np.dtype("<f4"),
    StorageType.DOUBLE: np.dtype("<f8"),
    # NumPy has no bfloat16; it is the upper half of a float32 and is widened below.
    StorageType.BFLOAT16: np.dtype("<u2"),
}


def map_tensor(archive: Archive, prefix: str, reference: TensorReference) -> Tensor:
    """View one tensor without copying it (bfloat16 is widened to float32).

    Args:
        archive: The checkpoint's members.
        prefix: The archive's root folder, with its slash.
        reference: What the pickle says about the tensor.

    Returns:
        A read-only float16, float32 or float64 array.

    Raises:
        ModelError: The reference does not fit the storage it names.
    """
    storage, name = reference.storage, f"{prefix}data/{reference.storage.key}"
    dtype = DTYPES.get(storage.type)
    if dtype is None:
        raise ModelError(f"it is a {storage.type.value}, expected floating-point numbers")
    if name not in archive.members:
        raise ModelError(f"its storage {quote(name)} is missing")
    found, expected = archive.members[name].size, storage.elements * dtype.itemsize
    if found != expected:
        raise ModelError(f"its storage {quote(name)} has {found:,} bytes, expected {expected:,}")
    _check_bounds(reference)
    archive.verify_checksum(name)
    view = np.ndarray(
        reference.shape,
        dtype,
        archive.view(name),
        reference.offset * dtype.itemsize,
        tuple(stride * dtype.itemsize for stride in reference.strides),
    )
    return _widen(view) if storage.type is StorageType.BFLOAT16 else view  # pyright: ignore[reportReturnType] # The table above holds floating-point types only.


def _check_bounds(reference: TensorReference) -> None:
    shape, strides = reference.shape, reference.strides
    size = math.prod(shape)
    if size == 0 or size > reference.storage.elements:
        raise ModelError(f"its shape needs {size:,} of {reference.storage.elements:,} elements")
    last = sum((length - 1) * stride for length, stride in zip(shape, strides, strict=True))
    if reference.offset + last >= reference.storage.elements:
        raise ModelError(
            f"its last element is number {reference.offset + last:,} of "
            f"{reference.storage.elements:,}"
        )


def _widen(halves: npt.NDArray[np.generic]) -> Tensor:
    return (halves.astype(np.uint32) << np.uint32(16)).view(np.float32)
