"""Parse the opcodes of a pickle: only those that `torch.save` writes, executing none.

Codes and arguments are those of the standard library's `pickletools`, whose own parser is not used
because it also decodes the text of opcodes that no checkpoint contains.
"""

import struct
from collections.abc import Iterator

from transcriber.engine.errors import ModelError
from transcriber.engine.quoting import quote

Argument = int | float | str | tuple[str, str] | None

STOP = "STOP"
_BARE = {
    b"(": "MARK",
    b".": STOP,
    b"N": "NONE",
    b"\x88": "NEWTRUE",
    b"\x89": "NEWFALSE",
    b"}": "EMPTY_DICT",
    b"]": "EMPTY_LIST",
    b")": "EMPTY_TUPLE",
    b"\x85": "TUPLE1",
    b"\x86": "TUPLE2",
    b"\x87": "TUPLE3",
    b"t": "TUPLE",
    b"a": "APPEND",
    b"e": "APPENDS",
    b"s": "SETITEM",
    b"u": "SETITEMS",
    b"Q": "BINPERSID",
    b"R": "REDUCE",
    b"b": "BUILD",
    b"\x93": "STACK_GLOBAL",
    b"\x94": "MEMOIZE",
}
_NUMBERS = {
    b"K": ("VALUE", "<B"),
    b"M": ("VALUE", "<H"),
    b"J": ("VALUE", "<i"),
    b"G": ("VALUE", ">d"),
    b"q": ("PUT", "<B"),
    b"r": ("PUT", "<I"),
    b"h": ("GET", "<B"),
    b"j": ("GET", "<I"),
    b"\x80": ("IGNORED", "<B"),
    b"\x95": ("IGNORED", "<Q"),
}
# Text in UTF-8 after its length.
_TEXTS = {b"X": "<I", b"\x8c": "<B", b"\x8d": "<Q"}
_LONG = b"\x8a"
_GLOBAL = b"c"


class _Bytes:
    def __init__(self, data: memoryview) -> None:
        self._data = bytes(data)
        self._at = 0

    def take(self, size: int) -> bytes:
        if size > len(self._data) - self._at:
            raise ModelError("data.pkl ends early")
        self._at += size
        return self._data[self._at - size : self._at]

    def number(self, form: str) -> int:
        return struct.unpack(form, self.take(struct.calcsize(form)))[0]

    def line(self) -> str:
        end = self._data.find(b"\n", self._at)
        if end < 0:
            raise ModelError("data.pkl ends early")
        return self.take(end + 1 - self._at)[:-1].decode(errors="backslashreplace")


def read_opcodes(data: memoryview) -> Iterator[tuple[str, Argument]]:
    """Yield what a pickle says, up to and including its STOP.

    Args:
        data: The pickle.

    Yields:
        An opcode's name and argument: the value of a VALUE, the index of a PUT or GET, module and
        attribute of a GLOBAL, otherwise None.

    Raises:
        ModelError: `model_unsafe` for an opcode that no checkpoint contains, `model_malformed` for
            an early end.
    """
    source, name = _Bytes(data), ""
    while name != STOP:
        code = source.take(1)
        name, argument = _read_argument(source, code)
        yield name, argument


def _read_argument(source: _Bytes, code: bytes) -> tuple[str, Argument]:
    if code in _BARE:
        return _BARE[code], None
    if code in _NUMBERS:
        name, form = _NUMBERS[code]
        return name, source.number(form)
    if code in _TEXTS:
        text = source.take(source.number(_TEXTS[code]))
        return "VALUE", text.decode(errors="backslashreplace")
    if code == _LONG:
        return "VALUE", int.from_bytes(source.take(source.number("<B")), "little", signed=True)
    if code == _GLOBAL:
        return "GLOBAL", (source.line(), source.line())
    raise ModelError(
        f"data.pkl uses the opcode {quote(code)}, which no checkpoint needs; nothing was executed",
        code="model_unsafe",
    )
