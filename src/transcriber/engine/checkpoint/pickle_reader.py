"""Interpret the pickle of a checkpoint as data.

The standard library's unpickler calls what a pickle names; restricting its `find_class` still
leaves it setting attributes on whatever was allowed.  This interpreter has no such opcode: it knows
three symbols, which become plain values of ours, and it imports, calls and sets nothing.  The
opcodes are parsed by the standard library's `pickletools.genops`, which executes nothing either.
"""

import io
import pickletools
from collections.abc import Callable
from typing import Any, Final

from transcriber.engine.checkpoint.quoting import quote
from transcriber.engine.checkpoint.references import (
    Symbol,
    build_storage,
    build_tensor,
    find_symbol,
)
from transcriber.engine.errors import ModelError

# Whisper large's pickle has 150 KB and 17,000 opcodes.
MAX_PICKLE_BYTES = 4 << 20

_MARK: Final = object()
_CONSTANTS: dict[str, Callable[[], object]] = {
    "NONE": lambda: None,
    "NEWTRUE": lambda: True,
    "NEWFALSE": lambda: False,
    "EMPTY_DICT": dict,
    "EMPTY_LIST": list,
    "EMPTY_TUPLE": tuple,
}
_LITERALS = frozenset(
    {"BININT", "BININT1", "BININT2", "LONG1", "BINFLOAT"}
    | {"BINUNICODE", "SHORT_BINUNICODE", "BINUNICODE8"}
)
_IGNORED = frozenset({"PROTO", "FRAME"})
_TUPLE_SIZES = {"TUPLE1": 1, "TUPLE2": 2, "TUPLE3": 3}


def read_pickle(data: memoryview) -> object:
    """Rebuild the structure a checkpoint's `data.pkl` describes.

    Args:
        data: The member's content.

    Returns:
        Dictionaries, lists, tuples, strings, numbers and `TensorReference`s.

    Raises:
        ModelError: `model_unsafe` for a symbol outside the allow-list, `model_malformed` for
            anything else that a checkpoint does not contain.
    """
    if len(data) > MAX_PICKLE_BYTES:
        raise ModelError(
            f"data.pkl has {len(data):,} bytes; a Whisper checkpoint's has at most "
            f"{MAX_PICKLE_BYTES:,}"
        )
    machine = _Machine()
    try:
        for opcode, argument, _ in pickletools.genops(io.BytesIO(data)):
            if opcode.name == "STOP":
                return machine.finish()
            machine.step(opcode.name, argument)
    except (ValueError, IndexError, KeyError, TypeError, OverflowError) as error:
        raise ModelError(f"data.pkl is damaged ({type(error).__name__})") from error
    raise ModelError("data.pkl is damaged (it has no end)")


class _Machine:
    """The pickle machine reduced to values: a stack, a memo, and no way to call anything."""

    def __init__(self) -> None:
        self._stack: list[Any] = []
        self._memo: dict[int, Any] = {}

    def finish(self) -> object:
        if len(self._stack) != 1:
            raise ModelError(f"data.pkl leaves {len(self._stack)} values instead of one")
        return self._stack.pop()

    def step(self, name: str, argument: Any) -> None:
        if name in _LITERALS:
            self._stack.append(argument)
        elif name in _CONSTANTS:
            self._stack.append(_CONSTANTS[name]())
        elif name in _TUPLE_SIZES:
            self._stack.append(self._pop_many(_TUPLE_SIZES[name]))
        elif name not in _IGNORED:
            handler = _HANDLERS.get(name)
            if handler is None:
                raise ModelError(
                    f"data.pkl uses the opcode {name}, which no checkpoint needs",
                    code="model_unsafe",
                )
            handler(self, argument)

    def mark(self, _: Any) -> None:
        self._stack.append(_MARK)

    def put(self, index: Any) -> None:
        self._memo[index] = self._stack[-1]

    def memoize(self, _: Any) -> None:
        self._memo[len(self._memo)] = self._stack[-1]

    def get(self, index: Any) -> None:
        self._stack.append(self._memo[index])

    def tuple_from_mark(self, _: Any) -> None:
        self._stack.append(tuple(self._pop_to_mark()))

    def append(self, _: Any) -> None:
        value = self._stack.pop()
        self._top(list).append(value)

    def append_many(self, _: Any) -> None:
        values = self._pop_to_mark()
        self._top(list).extend(values)

    def set_item(self, _: Any) -> None:
        key, value = self._pop_many(2)
        self._set(key, value)

    def set_items(self, _: Any) -> None:
        values = self._pop_to_mark()
        for key, value in zip(values[::2], values[1::2], strict=True):
            self._set(key, value)

    def name_global(self, argument: Any) -> None:
        module, _, attribute = argument.partition(" ")
        self._stack.append(find_symbol(module, attribute))

    def name_stack_global(self, _: Any) -> None:
        module, attribute = self._pop_many(2)
        self._stack.append(find_symbol(module, attribute))

    def persistent_id(self, _: Any) -> None:
        self._stack.append(build_storage(self._stack.pop()))

    def reduce(self, _: Any) -> None:
        symbol, arguments = self._pop_many(2)
        if symbol is Symbol.ORDERED_DICT and arguments == ():
            self._stack.append({})
        elif symbol is Symbol.REBUILD_TENSOR:
            self._stack.append(build_tensor(arguments))
        else:
            raise ModelError(f"data.pkl calls {quote(symbol)} in a way no checkpoint does")

    def build(self, _: Any) -> None:
        # PyTorch attaches `_metadata` to a state dictionary; it says nothing about the tensors.
        self._stack.pop()
        self._top(dict)

    def _top(self, kind: type) -> Any:
        if type(self._stack[-1]) is not kind:
            raise ModelError(f"data.pkl fills {quote(self._stack[-1])} as if it were a {kind}")
        return self._stack[-1]

    def _set(self, key: Any, value: Any) -> None:
        # Only strings and numbers: hashing a nested tuple can take for ever.
        if not isinstance(key, str | int):
            raise ModelError(f"data.pkl uses {quote(key)} as a key")
        self._top(dict)[key] = value

    def _pop_many(self, count: int) -> tuple[Any, ...]:
        if len(self._stack) < count:
            raise IndexError
        values = tuple(self._stack[-count:])
        del self._stack[-count:]
        if _MARK in values:
            raise IndexError
        return values

    def _pop_to_mark(self) -> list[Any]:
        values: list[Any] = []
        while (value := self._stack.pop()) is not _MARK:
            values.append(value)
        return values[::-1]


_HANDLERS: dict[str, Callable[[_Machine, Any], None]] = {
    "MARK": _Machine.mark,
    "BINPUT": _Machine.put,
    "LONG_BINPUT": _Machine.put,
    "MEMOIZE": _Machine.memoize,
    "BINGET": _Machine.get,
    "LONG_BINGET": _Machine.get,
    "TUPLE": _Machine.tuple_from_mark,
    "APPEND": _Machine.append,
    "APPENDS": _Machine.append_many,
    "SETITEM": _Machine.set_item,
    "SETITEMS": _Machine.set_items,
    "GLOBAL": _Machine.name_global,
    "STACK_GLOBAL": _Machine.name_stack_global,
    "BINPERSID": _Machine.persistent_id,
    "REDUCE": _Machine.reduce,
    "BUILD": _Machine.build,
}
