"""Read the tensors of a checkpoint in PyTorch's format from before its zip files.

Such a file is a row of pickles: a magic number, the protocol, a description of the machine, the
content, the keys of the storages; the storages follow, each after its number of elements
(`torch/serialization.py`, `_legacy_save`).  Only names that build tensors are allowed.
"""

import io
import pickle
import struct
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from staging.errors import StagingError

MAGIC = 0x1950A86A20F9469CFC6C
PICKLES_BEFORE_CONTENT = 2
FLOAT_BYTES = 4
Array = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class _Tensor:
    storage: str
    offset: int
    shape: tuple[int, ...]
    strides: tuple[int, ...]


def read_legacy_tensors(data: bytes, member: str) -> dict[str, Array]:
    """The float32 tensors of one dictionary of a checkpoint.

    Args:
        data: The whole file.
        member: The dictionary's key.

    Raises:
        StagingError: The file is no such checkpoint, or holds something else than tensors.
    """
    stream = io.BytesIO(data)
    try:
        if _Reader(stream).load() != MAGIC:
            raise StagingError("The checkpoint is not of PyTorch's legacy format.")
        for _ in range(PICKLES_BEFORE_CONTENT):
            _Reader(stream).load()
        content: Mapping[str, Mapping[str, Any]] = _Reader(stream).load()
        storages = {key: _read_storage(stream) for key in _Reader(stream).load()}
        tensors: Mapping[str, Any] = content[member]
    except (pickle.UnpicklingError, KeyError, struct.error) as error:
        raise StagingError(f"The checkpoint cannot be read: {error}") from error
    return {
        name: _view(tensor, storages)
        for name, tensor in tensors.items()
        if isinstance(tensor, _Tensor)
    }


class _Reader(pickle.Unpickler):
    def find_class(self, module_name: str, global_name: str, /) -> Any:
        if (module_name, global_name) == ("collections", "OrderedDict"):
            return OrderedDict
        if (module_name, global_name) == ("torch._utils", "_rebuild_tensor_v2"):
            return _rebuild_tensor
        if (module_name, global_name) == ("torch._utils", "_rebuild_parameter"):
            return _take_data
        if module_name == "torch" and global_name.endswith("Storage"):
            return global_name
        raise pickle.UnpicklingError(f"{module_name}.{global_name} is not allowed")

    def persistent_load(self, pid: Any) -> str:
        return str(pid[2])


def _rebuild_tensor(
    storage: str, offset: int, shape: tuple[int, ...], strides: tuple[int, ...], *_: object
) -> _Tensor:
    return _Tensor(storage, offset, shape, strides)


def _take_data(tensor: _Tensor, *_: object) -> _Tensor:
    return tensor


def _read_storage(stream: io.BytesIO) -> Array:
    (count,) = struct.unpack("<q", stream.read(8))
    return np.frombuffer(stream.read(count * FLOAT_BYTES), np.float32)


def _view(tensor: _Tensor, storages: Mapping[str, Array]) -> Array:
    count = int(np.prod(tensor.shape))
    flat = storages[tensor.storage][tensor.offset : tensor.offset + count]
    shaped = flat.reshape(tensor.shape)
    if tuple(stride // FLOAT_BYTES for stride in shaped.strides) != tensor.strides:
        raise StagingError("The checkpoint has a tensor that is not stored in order.")
    return shaped
