"""Progress as plain lines, for logs and pipes."""

from collections.abc import Callable
from time import monotonic
from typing import TYPE_CHECKING, Self, TextIO

from transcriber.commandline.pace import Pace, describe_position

if TYPE_CHECKING:
    from transcriber.engine.results import Progress

# Often enough to see that it lives, seldom enough to keep a log of many hours short.
_SECONDS_BETWEEN_LINES = 10.0


class LineReporter:
    """Writes a line at the start of each recording and then at most every ten seconds."""

    def __init__(
        self, stream: TextIO, *, is_quiet: bool = False, clock: Callable[[], float] = monotonic
    ) -> None:
        self._stream = stream
        self._is_quiet = is_quiet
        self._clock = clock
        self._label = ""
        self._pace = Pace(clock)
        self._last_line = clock()

    def __enter__(self) -> Self:
        """Nothing has to be opened."""
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing has to be closed."""

    def begin(self, label: str) -> None:
        """Write the label once."""
        self._label = label
        self._pace = Pace(self._clock)
        self._last_line = self._clock()
        self.note(f"{label} …")

    def advance(self, progress: "Progress") -> None:
        """Write a line when the last one is old enough."""
        if self._clock() - self._last_line < _SECONDS_BETWEEN_LINES:
            return
        self._last_line = self._clock()
        parts = (describe_position(progress), self._pace.describe_remaining(progress))
        self.note(f"{self._label}: {', '.join(part for part in parts if part)}")

    def end(self) -> None:
        """Nothing has to be taken off the screen."""

    def note(self, sentence: str) -> None:
        """Write the sentence as a line, at once, unless quiet was asked for."""
        if not self._is_quiet:
            self.warn(sentence)

    def warn(self, sentence: str) -> None:
        """Write the sentence as a line, at once."""
        print(sentence, file=self._stream, flush=True)
