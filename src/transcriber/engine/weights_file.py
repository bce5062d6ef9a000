"""Walk a CTranslate2 `model.bin` from header to header, without reading the weights.

The layout is that of `ModelSpec._serialize` in CTranslate2's `specs/model_spec.py`, read as
`src/models/model.cc` does.
"""

import os
import struct
from pathlib import Path
from typing import BinaryIO

from transcriber.engine.errors import ModelError

# The binary version (a little-endian 6 or older), then the specification's length and name.
SPECIFICATION = b"\x0c\x00WhisperSpec\x00"
NEWEST_BINARY_VERSION = 6
# From this version on a variable's size is given in bytes, before in items of a given size.
_SIZES_IN_BYTES_SINCE = 4
# From this version on the file ends with pairs of names for variables that share their weights.
_ALIASES_SINCE = 3
# Whisper large has about 1,300; a file that claims many more is another one, or damaged.
_MAX_VARIABLES = 20_000


def check_weights(path: Path) -> None:
    """Check that a `model.bin` is a Whisper model and that all its weights are there.

    Args:
        path: The file.

    Raises:
        ModelError: `model_foreign`, `model_malformed` or `model_truncated`.
        OSError: It cannot be read.
    """
    with path.open("rb") as stream:
        head = stream.read(4 + len(SPECIFICATION))
        if head[4:] != SPECIFICATION:
            raise ModelError(
                f"{path}: expected a CTranslate2 Whisper model, found a file that begins with "
                f"{head[:8].hex(' ') or 'nothing'}.",
                code="model_foreign",
            )
        version = int.from_bytes(head[:4], "little")
        if version > NEWEST_BINARY_VERSION:
            raise ModelError(
                f"{path}: expected binary version {NEWEST_BINARY_VERSION} or older, "
                f"found {version}."
            )
        size = os.fstat(stream.fileno()).st_size
        try:
            _skip_variables(stream, version)
        except struct.error:
            end = size + 1
        else:
            end = stream.tell()
    if end > size:
        raise ModelError(
            f"{path}: the weights do not end within its {size:,} bytes, so the file is incomplete.",
            code="model_truncated",
        )


def _skip_variables(stream: BinaryIO, version: int) -> None:
    _revision, count = _take(stream, "<II")
    if count > _MAX_VARIABLES:
        raise ModelError(
            f"{stream.name}: expected at most {_MAX_VARIABLES:,} variables, found {count:,}."
        )
    for _ in range(count):
        _skip_name(stream)
        (rank,) = _take(stream, "<B")
        stream.seek(4 * rank, os.SEEK_CUR)
        type_or_size, length = _take(stream, "<BI")
        is_in_bytes = version >= _SIZES_IN_BYTES_SINCE
        stream.seek(length if is_in_bytes else length * type_or_size, os.SEEK_CUR)
    if version >= _ALIASES_SINCE:
        (count,) = _take(stream, "<I")
        for _ in range(2 * min(count, _MAX_VARIABLES)):
            _skip_name(stream)


def _skip_name(stream: BinaryIO) -> None:
    (length,) = _take(stream, "<H")
    stream.seek(length, os.SEEK_CUR)


def _take(stream: BinaryIO, form: str) -> tuple[int, ...]:
    return struct.unpack(form, stream.read(struct.calcsize(form)))
