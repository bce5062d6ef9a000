"""Tiny Whisper checkpoints in OpenAI's layout, whole and damaged, without PyTorch."""

import io
import pickle
import zipfile
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import numpy as np

from staging.torch_pickle import write_pickle
from staging.torch_zip import TorchZipWriter
from transcriber.engine.checkpoint import Dimensions
from transcriber.engine.checkpoint.layout import list_tensors

TINY = Dimensions(
    n_mels=80,
    n_audio_ctx=1500,
    n_audio_state=4,
    n_audio_head=2,
    n_audio_layer=1,
    n_vocab=51865,
    n_text_ctx=448,
    n_text_state=4,
    n_text_head=2,
    n_text_layer=2,
)


def make_tensors(dims: Dimensions = TINY, dtype: str = "float16") -> dict[str, Any]:
    """Every tensor the dimensions ask for, with reproducible values."""
    generator = np.random.default_rng(7)
    return {
        name: generator.standard_normal(shape).astype(dtype)
        for name, shape in list_tensors(dims).items()
    }


def build_checkpoint(
    *,
    dims: Dimensions | Mapping[str, Any] = TINY,
    tensors: Mapping[str, Any] | None = None,
    data_pkl: bytes | None = None,
    members: Mapping[str, bytes] | None = None,
    prefix: str = "archive",
    without: str = "",
) -> bytes:
    """A checkpoint's bytes.

    Args:
        dims: Written as they are, valid or not.
        tensors: Default: exactly those that `TINY` needs.
        data_pkl: Replaces the pickle.
        members: Added to, or replacing, the zip's members (names without prefix).
        prefix: The root folder.
        without: The one member to leave out.
    """
    written = make_tensors() if tensors is None else tensors
    values = dims if isinstance(dims, Mapping) else asdict(dims)
    content = {
        "data.pkl": write_pickle(values, written) if data_pkl is None else data_pkl,
        "byteorder": b"little",
        **{f"data/{i}": tensor.tobytes() for i, tensor in enumerate(written.values())},
        "version": b"3\n",
        **(members or {}),
    }
    content.pop(without, None)
    return build_zip({f"{prefix}/{name}": data for name, data in content.items()})


def build_zip(members: Mapping[str, bytes]) -> bytes:
    """A zip as PyTorch writes it."""
    stream = io.BytesIO()
    writer = TorchZipWriter(stream)
    for name, content in members.items():
        writer.add(name, [content])
    writer.close()
    return stream.getvalue()


def build_common_zip(members: Mapping[str, bytes], *, compression: int) -> bytes:
    """A zip as any other program writes it."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", compression) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return stream.getvalue()


class Call:
    """Pickles as a call of `function(*arguments)`, as a malicious file would."""

    def __init__(self, function: Any, *arguments: Any) -> None:
        self._call = function, arguments

    def __reduce__(self) -> Any:
        return self._call


def pickle_call(function: Any, *arguments: Any, protocol: int = 2) -> bytes:
    """A `data.pkl` that calls a function when an ordinary unpickler reads it."""
    root = {"dims": asdict(TINY), "model_state_dict": Call(function, *arguments)}
    return pickle.dumps(root, protocol=protocol)
