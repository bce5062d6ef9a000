"""What a person sees while recordings are transcribed, always on stderr."""

import os
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Protocol, TextIO

if TYPE_CHECKING:
    from transcriber.engine.results import Progress


class Reporter(Protocol):
    """Shows the progress of one recording after another."""

    def begin(self, label: str) -> None:
        """Start a recording, or another piece of work that takes a while."""
        ...

    def advance(self, progress: "Progress") -> None:
        """Show how far the recording is."""
        ...

    def end(self) -> None:
        """Leave the recording, finished or not."""
        ...

    def note(self, sentence: str) -> None:
        """Show good news that stays on the screen, unless the user asked for quiet."""
        ...

    def warn(self, sentence: str) -> None:
        """Show bad news that stays on the screen, always."""
        ...


def open_reporter(stream: TextIO, *, is_quiet: bool) -> AbstractContextManager[Reporter]:
    """Return a live bar for a terminal, plain lines for anything else.

    A quiet reporter shows no progress but still says what failed.
    """
    if not is_quiet and stream.isatty() and os.environ.get("TERM") != "dumb":
        from transcriber.commandline.progress_bar import BarReporter  # noqa: PLC0415 - rich is slow.

        return BarReporter(stream)
    from transcriber.commandline.progress_lines import LineReporter  # noqa: PLC0415 - as above.

    return LineReporter(stream, is_quiet=is_quiet)
