"""Progress as a live bar with the time still needed, for a terminal."""

from typing import TYPE_CHECKING, Self, TextIO

from rich.console import Console
from rich.progress import BarColumn, TaskID, TextColumn
from rich.progress import Progress as LiveDisplay
from rich.text import Text

from transcriber.commandline.pace import Pace, describe_position

if TYPE_CHECKING:
    from transcriber.engine.results import Progress


class BarReporter:
    """Draws one bar per recording and takes it away when the recording is done."""

    def __init__(self, stream: TextIO) -> None:
        self._console = Console(file=stream, highlight=False)
        self._live = LiveDisplay(
            # Markup is off because a file name may look like it.
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            TextColumn("{task.percentage:>3.0f} %", markup=False),
            TextColumn("{task.fields[position]}", markup=False),
            TextColumn("{task.fields[remaining]}", markup=False),
            console=self._console,
            # The transcript goes to stdout untouched; the bar belongs to stderr.
            redirect_stdout=False,
            transient=True,
        )
        self._task: TaskID | None = None
        self._pace = Pace()

    def __enter__(self) -> Self:
        """Show the display."""
        self._live.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Take the display off the screen and give the cursor back."""
        self._live.stop()

    def begin(self, label: str) -> None:
        """Draw a pulsing bar, which starts to fill with the first news."""
        self.end()
        self._pace = Pace()
        self._task = self._live.add_task(label, total=None, position="", remaining="")

    def advance(self, progress: "Progress") -> None:
        """Fill the bar."""
        if self._task is None:
            return
        self._live.update(
            self._task,
            total=progress.total_seconds,
            completed=progress.done_seconds,
            position=describe_position(progress),
            remaining=self._pace.describe_remaining(progress),
        )

    def end(self) -> None:
        """Take the bar away."""
        if self._task is not None:
            self._live.remove_task(self._task)
            self._task = None

    def note(self, sentence: str) -> None:
        """Print the sentence above the bar."""
        self._console.print(Text(sentence), soft_wrap=True)

    def warn(self, sentence: str) -> None:
        """Print the sentence above the bar, in red where there are colours."""
        self._console.print(Text(sentence, style="red"), soft_wrap=True)
