"""Write the pickle part of a checkpoint, opcode for opcode as `torch.save` does.

Only what a Whisper checkpoint needs is covered: a dictionary of integers and an ordered dictionary
of contiguous tensors, one storage each.  The opcodes are those of the standard library's
`pickletools`; the persistent id is `("storage", TYPE, KEY, "cpu", ELEMENTS)`.
"""

import struct
from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]

TUPLE_OPCODES = {1: b"\x85", 2: b"\x86", 3: b"\x87"}
STORAGE_TYPES = {"float16": "HalfStorage", "float32": "FloatStorage"}


class _Emitter:
    """Collects opcodes and remembers what was written before, as the pickler's memo does."""

    def __init__(self) -> None:
        self.parts: list[bytes] = [b"\x80\x02"]
        self._memo: dict[str, int] = {}
        self._memo_size = 0

    def put(self) -> None:
        index = self._memo_size
        self._memo_size += 1
        self._refer(b"q", b"r", index)

    def once(self, key: str, opcode: bytes) -> None:
        """Write `opcode` the first time and a reference to it afterwards."""
        if key in self._memo:
            self._refer(b"h", b"j", self._memo[key])
            return
        self.parts.append(opcode)
        self._memo[key] = self._memo_size
        self.put()

    def text(self, value: str) -> None:
        encoded = value.encode()
        self.once(f"text {value}", b"X" + struct.pack("<I", len(encoded)) + encoded)

    def name(self, module: str, attribute: str) -> None:
        self.once(f"name {module} {attribute}", f"c{module}\n{attribute}\n".encode())

    def integer(self, value: int) -> None:
        if value < 1 << 8:
            self.parts.append(b"K" + bytes([value]))
        elif value < 1 << 16:
            self.parts.append(b"M" + struct.pack("<H", value))
        else:
            self.parts.append(b"J" + struct.pack("<i", value))

    def integers(self, values: tuple[int, ...]) -> None:
        for value in values:
            self.integer(value)
        self.parts.append(TUPLE_OPCODES[len(values)])
        self.put()

    def _refer(self, short: bytes, long: bytes, index: int) -> None:
        number = "<B" if index < 1 << 8 else "<I"
        self.parts.append((short if index < 1 << 8 else long) + struct.pack(number, index))

    def empty_ordered_dict(self) -> None:
        self.name("collections", "OrderedDict")
        self.parts.append(b")R")
        self.put()


def write_pickle(dims: Mapping[str, int], tensors: Mapping[str, Array]) -> bytes:
    """Serialise the checkpoint's structure; tensor number N refers to storage `data/N`.

    Args:
        dims: OpenAI's ten dimensions.
        tensors: Contiguous float16 or float32 arrays by name.

    Returns:
        The content of the zip member `data.pkl`.
    """
    emitter = _Emitter()
    emitter.parts.append(b"}")
    emitter.put()
    emitter.parts.append(b"(")
    emitter.text("dims")
    _write_dims(emitter, dims)
    emitter.text("model_state_dict")
    emitter.empty_ordered_dict()
    emitter.parts.append(b"(")
    for index, (name, tensor) in enumerate(tensors.items()):
        emitter.text(name)
        _write_tensor(emitter, tensor, key=str(index))
    emitter.parts.append(b"uu.")
    return b"".join(emitter.parts)


def _write_dims(emitter: _Emitter, dims: Mapping[str, int]) -> None:
    emitter.parts.append(b"}")
    emitter.put()
    emitter.parts.append(b"(")
    for name, value in dims.items():
        emitter.text(name)
        emitter.integer(value)
    emitter.parts.append(b"u")


def _write_tensor(emitter: _Emitter, tensor: Array, *, key: str) -> None:
    emitter.name("torch._utils", "_rebuild_tensor_v2")
    emitter.parts.append(b"((")
    emitter.text("storage")
    emitter.name("torch", STORAGE_TYPES[tensor.dtype.name])
    emitter.text(key)
    emitter.text("cpu")
    emitter.integer(tensor.size)
    emitter.parts.append(b"t")
    emitter.put()
    emitter.parts.append(b"Q")
    emitter.integer(0)
    emitter.integers(tensor.shape)
    emitter.integers(tuple(int(step) // tensor.itemsize for step in _steps(tensor)))
    emitter.parts.append(b"\x89")
    emitter.empty_ordered_dict()
    emitter.parts.append(b"t")
    emitter.put()
    emitter.parts.append(b"R")
    emitter.put()


def _steps(tensor: Array) -> tuple[int, ...]:
    return np.empty(tensor.shape, dtype=tensor.dtype).strides
