"""What a checkpoint's pickle may name, and the plain values that stand for it."""

import enum
from dataclasses import dataclass
from typing import Any, TypeGuard, cast

from transcriber.engine.errors import ModelError
from transcriber.engine.quoting import quote

# A convolution's weight has three.
MAX_DIMENSIONS = 4
# Far beyond any storage, and small enough that products of four stay harmless.
MAX_COUNT = 1 << 48


class Symbol(enum.Enum):
    """The two functions a checkpoint calls; here they are only names."""

    ORDERED_DICT = "collections.OrderedDict"
    REBUILD_TENSOR = "torch._utils._rebuild_tensor_v2"


class StorageType(enum.Enum):
    """PyTorch's storage classes, by name."""

    HALF = "HalfStorage"
    BFLOAT16 = "BFloat16Storage"
    FLOAT = "FloatStorage"
    DOUBLE = "DoubleStorage"
    INT = "IntStorage"
    LONG = "LongStorage"
    SHORT = "ShortStorage"
    CHAR = "CharStorage"
    BYTE = "ByteStorage"
    BOOL = "BoolStorage"


@dataclass(frozen=True, slots=True)
class StorageReference:
    """A persistent id: `elements` values of `type` in the member `data/KEY`."""

    type: StorageType
    key: str
    elements: int


@dataclass(frozen=True, slots=True)
class TensorReference:
    """A tensor as PyTorch describes it; offset and strides count elements."""

    storage: StorageReference
    offset: int
    shape: tuple[int, ...]
    strides: tuple[int, ...]


_SYMBOLS: dict[str, Symbol | StorageType] = {symbol.value: symbol for symbol in Symbol} | {
    f"torch.{storage.value}": storage for storage in StorageType
}


def find_symbol(module: object, attribute: object) -> Symbol | StorageType:
    """Look a name up in the allow-list; nothing is imported.

    Raises:
        ModelError: `model_unsafe` naming the symbol.
    """
    name = f"{module}.{attribute}" if _is_text(module) and _is_text(attribute) else ""
    symbol = _SYMBOLS.get(name)
    if symbol is None:
        raise ModelError(
            f"data.pkl names {quote(name)}, which no checkpoint needs; nothing was executed",
            code="model_unsafe",
        )
    return symbol


def build_storage(value: object) -> StorageReference:
    """Check a persistent id: `("storage", TYPE, KEY, LOCATION, ELEMENTS)`.

    Raises:
        ModelError: It has another form.
    """
    match value:
        case ("storage", StorageType() as kind, str(key), str(), int(elements)) if (
            0 <= elements < MAX_COUNT
        ):
            return StorageReference(kind, key, elements)
        case _:
            raise ModelError("data.pkl refers to a storage in a form no checkpoint uses")


def build_tensor(arguments: Any) -> TensorReference:
    """Check the arguments of `_rebuild_tensor_v2`.

    They are storage, offset, shape, strides, whether it needs gradients, hooks and metadata.

    Raises:
        ModelError: They have another form.
    """
    match arguments:
        case (StorageReference() as storage, int(offset), shape, strides, *_) if (
            offset >= 0
            and _are_counts(shape)
            and _are_counts(strides)
            and len(shape) == len(strides) <= MAX_DIMENSIONS
        ):
            return TensorReference(storage, offset, shape, strides)
        case _:
            raise ModelError("data.pkl describes a tensor in a form no checkpoint uses")


def _is_text(value: object) -> TypeGuard[str]:
    return type(value) is str


def _are_counts(values: Any) -> TypeGuard[tuple[int, ...]]:
    return type(values) is tuple and all(
        type(value) is int and 0 <= value < MAX_COUNT for value in cast("tuple[Any, ...]", values)
    )
