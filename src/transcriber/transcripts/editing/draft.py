"""A transcript while it is edited: its segments in order, and which of them changed."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from transcriber.engine.results import Segment
from transcriber.transcripts.errors import EditError

Read = Callable[[int], Segment]
"""The content of a stored segment, by its index."""


@dataclass(slots=True, eq=False)
class Line:
    """One segment of the draft.

    Attributes:
        index: By which the request names it; None for a segment that has no row yet.
        start: Seconds from the recording's start.
        end: Seconds from the recording's start.
        content: What it holds; None while it is as stored.
        operation: The place of the operation that set its times; None while they are as stored.
    """

    index: int | None
    start: float
    end: float
    content: Segment | None = None
    operation: int | None = None


@dataclass(frozen=True, slots=True)
class Difference:
    """What lies between the stored segments and a draft, as `Change` wants it."""

    removed: frozenset[int]
    added: tuple[Segment, ...]


class Draft:
    """Segments in order.

    Args:
        stored: Index, start and end of each segment of the newest revision, in order.
        read: Gives the content of one of them; asked only where it is needed, because texts and
            words of a whole day are large.
    """

    def __init__(self, stored: Iterable[tuple[int, float, float]], read: Read) -> None:
        self.lines = [Line(index, start, end) for index, start, end in stored]
        self._read = read
        self._stored = frozenset(line.index for line in self.lines if line.index is not None)
        self._by_index = {line.index: line for line in self.lines}

    def find(self, index: int, operation: int) -> int:
        """The place of the segment that an operation names.

        Raises:
            EditError: `unknown_segment`, also for one that an earlier operation removed.
        """
        line = self._by_index.get(index)
        if line is None:
            raise EditError(
                f"The transcript has no segment {index}.",
                code="unknown_segment",
                operation=operation,
            )
        return self.lines.index(line)

    def get(self, place: int) -> Segment:
        """The content of the segment at a place."""
        line = self.lines[place]
        if line.content is None:
            assert line.index is not None  # noqa: S101 -- only stored segments lack a content
            line.content = self._read(line.index)
        return line.content

    def set(self, place: int, content: Segment, operation: int | None = None) -> None:
        """Give the segment at a place another content; `operation` where its times change."""
        line = self.lines[place]
        line.content, line.start, line.end = content, content.start, content.end
        if operation is not None:
            line.operation = operation

    def insert(self, place: int, content: Segment, operation: int | None = None) -> None:
        """Put a new segment before the one at a place."""
        self.lines.insert(place, Line(None, content.start, content.end, content, operation))

    def remove(self, place: int) -> None:
        """Take the segment at a place out."""
        line = self.lines.pop(place)
        if line.index is not None:
            del self._by_index[line.index]

    def rearrange(self, lines: Sequence[Line]) -> None:
        """Put other lines in the place of all."""
        self.lines = list(lines)

    def check_order(self) -> None:
        """Refuse times by which a segment would begin before the one in front of it.

        Raises:
            EditError: `out_of_order`.
        """
        for before, line in pairwise(self.lines):
            operations = [each.operation for each in (before, line) if each.operation is not None]
            if operations and line.start < before.start:
                raise EditError(
                    f"The segment at {line.start:g} s would begin before the one in front of it, "
                    f"which begins at {before.start:g} s.",
                    code="out_of_order",
                    operation=max(operations),
                )

    def compare(self) -> Difference:
        """What has to be removed and added to make the stored segments this draft.

        Segments of one start are told apart by their index, so a stored one that would come in
        front of a new one gives way to a copy behind it.
        """
        added: list[Segment] = []
        kept: set[int] = set()
        start, highest, is_behind_new = -1.0, -1, False
        for place, line in enumerate(self.lines):
            if line.start != start:
                start, highest, is_behind_new = line.start, -1, False
            index = line.index
            if is_behind_new or index is None or index <= highest or self._is_changed(line, index):
                is_behind_new = True
                added.append(self.get(place))
            else:
                highest = index
                kept.add(index)
        return Difference(self._stored - kept, tuple(added))

    def _is_changed(self, line: Line, index: int) -> bool:
        return line.content is not None and line.content != self._read(index)
