"""How fast a transcription goes, and so how long it will still take."""

from collections.abc import Callable
from time import monotonic
from typing import TYPE_CHECKING

from transcriber.commandline.display import show_duration

if TYPE_CHECKING:
    from transcriber.engine.results import Progress


class Pace:
    """Measures one recording's transcription from its construction on."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._started = clock()

    @property
    def elapsed_seconds(self) -> float:
        """Wall seconds since the start."""
        return self._clock() - self._started

    def estimate_remaining(self, progress: "Progress") -> float | None:
        """Return the seconds still needed at the pace so far, None while that is unknown."""
        total = progress.total_seconds
        if not total or progress.done_seconds <= 0:
            return None
        left = max(0.0, total - progress.done_seconds)
        return left * self.elapsed_seconds / progress.done_seconds

    def describe_remaining(self, progress: "Progress") -> str:
        """Return `2:10 left`, or nothing while it is unknown."""
        remaining = self.estimate_remaining(progress)
        return "" if remaining is None else f"{show_duration(remaining)} left"


def describe_position(progress: "Progress") -> str:
    """Return how much of the audio is done, such as `3:00 of 12:00`."""
    done = show_duration(progress.done_seconds)
    if not progress.total_seconds:
        return done
    return f"{done} of {show_duration(max(progress.total_seconds, progress.done_seconds))}"
