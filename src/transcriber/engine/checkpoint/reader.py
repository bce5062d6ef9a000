"""Read a checkpoint: container, structure, dimensions, tensors, in that order."""

import mmap
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from transcriber.engine.checkpoint.archive import Archive
from transcriber.engine.checkpoint.dimensions import Dimensions, check_dimensions
from transcriber.engine.checkpoint.foreign import describe_foreign
from transcriber.engine.checkpoint.layout import list_tensors
from transcriber.engine.checkpoint.pickle_reader import read_pickle
from transcriber.engine.checkpoint.references import TensorReference
from transcriber.engine.checkpoint.tensors import Tensor, map_tensor
from transcriber.engine.errors import ModelError
from transcriber.engine.quoting import quote

EXPECTED = "expected a Whisper checkpoint (a zip written by torch.save)"


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A Whisper model's dimensions and its weights by OpenAI name.

    The weights are read-only views of the mapped file, which must not change while they are used.
    """

    dims: Dimensions
    tensors: Mapping[str, Tensor]


def read_checkpoint(path: Path) -> Checkpoint:
    """Read an OpenAI `.pt` without executing anything in it.

    Args:
        path: The checkpoint.

    Returns:
        Its dimensions, and exactly the tensors those dimensions ask for, in their shapes.

    Raises:
        ModelError: Naming the file, what was expected and what was found; the code is
            `model_unreadable`, `model_truncated`, `model_foreign`, `model_unsafe` or
            `model_malformed`.
    """
    try:
        return _read(_map_file(path))
    except ModelError as error:
        raise ModelError(f"{path}: {error}.", code=error.code) from error
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise ModelError(f"{path}: {reason}, {EXPECTED}.", code="model_unreadable") from error


def _map_file(path: Path) -> memoryview:
    if not path.is_file() and path.exists():
        # Opening a named pipe would wait for ever.
        raise ModelError(f"this is not a regular file, {EXPECTED}", code="model_unreadable")
    with path.open("rb") as stream:
        head = stream.read(512)
        if not head:
            raise ModelError(f"the file is empty, {EXPECTED}", code="model_truncated")
        if not head.startswith(b"PK\x03\x04"):
            raise ModelError(f"this is {describe_foreign(head)}, {EXPECTED}", code="model_foreign")
        return memoryview(mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ))


def _read(data: memoryview) -> Checkpoint:
    archive = Archive(data)
    prefix = _find_prefix(archive)
    _check_byte_order(archive, prefix)
    root: Any = read_pickle(archive.view(f"{prefix}data.pkl"))
    if not isinstance(root, dict) or not {"dims", "model_state_dict"} <= root.keys():
        raise ModelError(
            f"it holds {_describe_root(root)}, expected dims and model_state_dict",
            code="model_foreign",
        )
    found = cast("dict[object, object]", root)
    dims = check_dimensions(found["dims"])
    references = _check_names(found["model_state_dict"], dims)
    return Checkpoint(dims, _map_tensors(archive, prefix, references, dims))


def _find_prefix(archive: Archive) -> str:
    # PyTorch names the root folder after the file it first wrote, or `archive`.
    pickles = [name for name in archive.members if name.count("/") == 1]
    prefixes = [name.removesuffix("data.pkl") for name in pickles if name.endswith("/data.pkl")]
    if len(prefixes) != 1:
        raise ModelError(f"this zip has no data.pkl of its own, {EXPECTED}", code="model_foreign")
    return prefixes[0]


def _check_byte_order(archive: Archive, prefix: str) -> None:
    name = f"{prefix}byteorder"
    order = bytes(archive.view(name)[:16]) if name in archive.members else b"little"
    if order != b"little":
        raise ModelError(f"its byte order is {quote(order)}, expected little")


def _describe_root(root: Any) -> str:
    if not isinstance(root, dict):
        return quote(cast("object", root))
    keys = list(cast("dict[object, object]", root))[:3]
    return "the keys " + ", ".join(quote(key) for key in keys) if keys else "no keys"


def _check_names(value: Any, dims: Dimensions) -> dict[str, TensorReference]:
    if not isinstance(value, dict):
        raise ModelError(f"model_state_dict is {quote(value)}, expected a dictionary")
    state = cast("dict[str, Any]", value)
    expected = list_tensors(dims)
    missing = [name for name in expected if name not in state]
    unexpected = [name for name in state if name not in expected]
    for problem, names in (("lacks", missing), ("has the unexpected", unexpected)):
        if names:
            more = f" and {len(names) - 1} more" if len(names) > 1 else ""
            raise ModelError(f"it {problem} tensor {quote(names[0])}{more} for its dims")
    for name, tensor in state.items():
        if not isinstance(tensor, TensorReference):
            raise ModelError(f"{name} is {quote(tensor)}, expected a tensor")
        if tensor.shape != expected[name]:
            raise ModelError(
                f"tensor {name} has {_describe_shape(tensor.shape)}, "
                f"expected {_describe_shape(expected[name])}"
            )
    return state


def _describe_shape(shape: tuple[int, ...]) -> str:
    return "the shape " + ", ".join(quote(length) for length in shape[:8])


def _map_tensors(
    archive: Archive, prefix: str, references: dict[str, TensorReference], dims: Dimensions
) -> dict[str, Tensor]:
    tensors: dict[str, Tensor] = {}
    for name in list_tensors(dims):
        try:
            tensors[name] = map_tensor(archive, prefix, references[name])
        except ModelError as error:
            raise ModelError(f"tensor {name}: {error}", code=error.code) from error
    return tensors
