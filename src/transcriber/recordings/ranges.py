"""Which bytes of an object a `Range` header asks for (RFC 9110, section 14)."""

import re
from dataclasses import dataclass

from transcriber.recordings.errors import RangeError

MAX_RANGES = 16
"""Every range is a part of the answer with a header of its own, so more would only cost work."""
_UNIT = re.compile(r"\s*bytes\s*=(.*)", re.IGNORECASE | re.DOTALL)
# A number of more digits than any file's size has is answered as if there were no header.
_SPEC = re.compile(r"([0-9]{0,19})-([0-9]{0,19})")


@dataclass(frozen=True, slots=True, order=True)
class ByteRange:
    """The bytes from `start` to before `end`; never empty."""

    start: int
    end: int

    @property
    def length(self) -> int:
        """How many bytes."""
        return self.end - self.start

    def describe(self, size: int) -> str:
        """The `Content-Range` of this piece of an object of `size` bytes."""
        return f"bytes {self.start}-{self.end - 1}/{size}"


def read_ranges(header: str | None, size: int) -> list[ByteRange]:
    """The ranges asked for, in order and joined where they touch; empty for the whole object.

    A header in another unit or with an error in it is passed over, as the RFC says.

    Args:
        header: The request's `Range`.
        size: Of the object in bytes, at least 1.

    Raises:
        RangeError: when none of the ranges lies in the object, or they are more than `MAX_RANGES`.
    """
    unit = _UNIT.fullmatch(header or "")
    if unit is None:
        return []
    if unit[1].count(",") >= MAX_RANGES:
        raise RangeError(f"At most {MAX_RANGES} ranges are answered at once.", size=size)
    asked = [_SPEC.fullmatch(spec.strip()) for spec in unit[1].split(",") if spec.strip()]
    found: list[ByteRange] = []
    for spec in asked:
        if spec is None or not (spec[1] or spec[2]):
            return []
        if spec[1] and spec[2] and int(spec[1]) > int(spec[2]):
            return []
        piece = _place(spec[1], spec[2], size)
        if piece is not None:
            found.append(piece)
    if asked and not found:
        raise RangeError(f"The recording has {size} bytes; the range lies behind them.", size=size)
    return _join(sorted(found))


def _place(first: str, last: str, size: int) -> ByteRange | None:
    if not first:
        # A suffix: the last so many bytes.
        return ByteRange(max(0, size - int(last)), size) if int(last) else None
    if int(first) >= size:
        return None
    return ByteRange(int(first), min(size, int(last) + 1) if last else size)


def _join(ranges: list[ByteRange]) -> list[ByteRange]:
    joined: list[ByteRange] = []
    for each in ranges:
        if joined and each.start <= joined[-1].end:
            last = joined.pop()
            joined.append(ByteRange(last.start, max(last.end, each.end)))
        else:
            joined.append(each)
    return joined
