"""Interpret the pickle of a checkpoint as data.

The standard library's unpickler calls what a pickle names; restricting its `find_class` still
leaves it setting attributes on whatever was allowed.  This interpreter knows three kinds of symbol,
which become plain values of ours, and it imports, calls and sets nothing.
"""

from collections.abc import Callable
from typing import Any, Final

from transcriber.engine.checkpoint.opcodes import STOP, read_opcodes
from transcriber.engine.checkpoint.references import (
    Symbol,
    build_storage,
    build_tensor,
    find_symbol,
)
from transcriber.engine.errors import ModelError
from transcriber.engine.quoting import quote

# Whisper large's pickle has 150 KB; a million opcodes take seconds and 100 MB at worst.
MAX_PICKLE_BYTES = 1 << 20

_MARK: Final = object()
_CONSTANTS: dict[str, Callable[[], object]] = {
    "NONE": lambda: None,
    "NEWTRUE": lambda: True,
    "NEWFALSE": lambda: False,
    "EMPTY_DICT": dict,
    "EMPTY_LIST": list,
    "EMPTY_TUPLE": tuple,
}
_TUPLE_SIZES = {"TUPLE1": 1, "TUPLE2": 2, "TUPLE3": 3}


def read_pickle(data: memoryview) -> object:
    """Rebuild the structure a checkpoint's `data.pkl` describes.

    Args:
        data: The member's content.

    Returns:
        Dictionaries, lists, tuples, strings, numbers and `TensorReference`s.

    Raises:
        ModelError: `model_unsafe` for a symbol or opcode outside the allow-list,
            `model_malformed` for anything else that a checkpoint does not contain.
    """
    if len(data) > MAX_PICKLE_BYTES:
        raise ModelError(
            f"data.pkl has {len(data):,} bytes; a Whisper checkpoint's has at most "
            f"{MAX_PICKLE_BYTES:,}"
        )
    machine = _Machine()
    try:
        for name, argument in read_opcodes(data):
            if name != STOP:
                machine.step(name, argument)
        return machine.finish()
    except (IndexError, KeyError, ValueError) as error:
        # The stack ran empty, a memo was never written, or items are odd in number.
        raise ModelError(f"data.pkl is damaged ({type(error).__name__})") from error


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
        if name in _CONSTANTS:
            self._stack.append(_CONSTANTS[name]())
        elif name in _TUPLE_SIZES:
            self._stack.append(self._pop_many(_TUPLE_SIZES[name]))
        else:
            _HANDLERS[name](self, argument)

    def value(self, argument: Any) -> None:
        self._stack.append(argument)

    def ignore(self, _: Any) -> None:
        """Skip the protocol and framing, which say nothing about the content."""

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
        (value,) = self._pop_many(1)
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

    def name_global(self, names: Any) -> None:
        self._stack.append(find_symbol(*names))

    def name_stack_global(self, _: Any) -> None:
        module, attribute = self._pop_many(2)
        self._stack.append(find_symbol(module, attribute))

    def persistent_id(self, _: Any) -> None:
        (value,) = self._pop_many(1)
        self._stack.append(build_storage(value))

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
        self._pop_many(1)
        self._top(dict)

    def _top(self, kind: type) -> Any:
        if type(self._stack[-1]) is not kind:
            raise ModelError(
                f"data.pkl fills {quote(self._stack[-1])} as if it were a {kind.__name__}"
            )
        return self._stack[-1]

    def _set(self, key: Any, value: Any) -> None:
        # Only strings and numbers: hashing a nested tuple can take for ever.
        if not isinstance(key, str | int):
            raise ModelError(f"data.pkl uses {quote(key)} as a key")
        self._top(dict)[key] = value

    def _pop_many(self, count: int) -> tuple[Any, ...]:
        values = tuple(self._stack[-count:])
        del self._stack[-count:]
        if len(values) < count or any(value is _MARK for value in values):
            raise ModelError("data.pkl takes a value that is not there")
        return values

    def _pop_to_mark(self) -> list[Any]:
        values: list[Any] = []
        while (value := self._stack.pop()) is not _MARK:
            values.append(value)
        return values[::-1]


_HANDLERS: dict[str, Callable[[_Machine, Any], None]] = {
    "VALUE": _Machine.value,
    "IGNORED": _Machine.ignore,
    "MARK": _Machine.mark,
    "PUT": _Machine.put,
    "MEMOIZE": _Machine.memoize,
    "GET": _Machine.get,
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
