"""Read the weights of a CTranslate2 `model.bin` without loading the model."""

import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from staging.errors import StagingError

Array = npt.NDArray[Any]

# The order is CTranslate2's DataType enumeration (include/ctranslate2/types.h); bfloat16, its last
# member, has no NumPy type and never occurs in the pinned files.
DTYPES = (np.float32, np.int8, np.int16, np.int32, np.float16)
BINARY_VERSION = 6


@dataclass
class _Cursor:
    buffer: Array
    offset: int = 0

    def take(self, size: int) -> Array:
        if self.offset + size > len(self.buffer):
            raise StagingError("The joined model.bin ends early.")
        self.offset += size
        return self.buffer[self.offset - size : self.offset]

    def number(self, code: str) -> int:
        """Read one little-endian unsigned integer: `B`, `H` or `I`."""
        return struct.unpack("<" + code, self.take(struct.calcsize(code)).tobytes())[0]

    def string(self) -> str:
        # A length that counts the closing NUL, then the bytes.
        return self.take(self.number("H")).tobytes()[:-1].decode()


def read_variables(path: Path) -> dict[str, Array]:
    """Map every variable of a binary-version-6 `model.bin` to a read-only view of the file.

    The layout is that of `ModelSpec._serialize` in CTranslate2's `specs/model_spec.py`.

    Args:
        path: The `model.bin`.

    Returns:
        Arrays by name, such as `encoder/layer_0/self_attention/linear_0/weight`.

    Raises:
        StagingError: The file is not a Whisper model in that layout.
    """
    cursor = _Cursor(np.memmap(path, dtype=np.uint8, mode="r"))
    version, name, revision = cursor.number("I"), cursor.string(), cursor.number("I")
    if (version, name, revision) != (BINARY_VERSION, "WhisperSpec", 3):
        raise StagingError(
            f"{path} holds {name} revision {revision} in layout {version}, "
            f"not WhisperSpec revision 3 in layout {BINARY_VERSION}."
        )
    variables: dict[str, Array] = {}
    for _ in range(cursor.number("I")):
        variable = cursor.string()
        shape = [cursor.number("I") for _ in range(cursor.number("B"))]
        dtype = DTYPES[cursor.number("B")]
        variables[variable] = cursor.take(cursor.number("I")).view(dtype).reshape(shape)
    return variables
