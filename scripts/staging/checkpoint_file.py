"""Write a Whisper checkpoint in OpenAI's layout, atomically."""

import hashlib
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from staging.torch_pickle import write_pickle
from staging.torch_zip import TorchZipWriter

Array = npt.NDArray[Any]


def write_checkpoint(path: Path, dims: Mapping[str, int], tensors: Mapping[str, Array]) -> None:
    """Write `path` so that `torch.load` and `whisper.load_model` accept it.

    The file appears under its name only when it is complete and on the disk.

    Args:
        path: The `.pt` to write.
        dims: OpenAI's ten dimensions.
        tensors: float16 or float32 arrays by OpenAI name.
    """
    partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
    try:
        with partial.open("wb") as stream:
            writer = TorchZipWriter(stream)
            writer.add("archive/data.pkl", [write_pickle(dims, tensors)])
            writer.add("archive/byteorder", [b"little"])
            # PyTorch sorts the storages by name, so data/10 comes before data/2.
            for key, tensor in sorted((str(i), t) for i, t in enumerate(tensors.values())):
                content = np.ascontiguousarray(tensor).reshape(-1).view(np.uint8)
                writer.add(f"archive/data/{key}", [content.data])
            writer.add("archive/version", [b"3\n"])
            writer.close()
            stream.flush()
            os.fsync(stream.fileno())
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


def compute_sha256(path: Path) -> str:
    """Hash a file without holding it in memory.

    Args:
        path: The file.

    Returns:
        The SHA-256 in lower-case hexadecimal.
    """
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
