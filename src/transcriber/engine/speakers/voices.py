"""What was heard of voices: values that a span's result may carry and a database may keep."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from transcriber.engine.results import Segment, Span

PRINT_SIZE = 256
"""Numbers in a voiceprint, as the network gives them."""


@dataclass(frozen=True, slots=True, eq=False)
class Voice:
    """One voice in one window of ten seconds of a span.

    Attributes:
        window: Which of the span's windows; voices of one window are different people.
        runs: When it speaks, in seconds from the recording's start, in order.
        print: What it sounds like, float32 of length 1 in `PRINT_SIZE` dimensions; None where too
            little was heard of it.
    """

    window: int
    runs: tuple[tuple[float, float], ...]
    print: NDArray[np.float32] | None

    @property
    def seconds(self) -> float:
        """For how long it speaks."""
        return sum(end - start for start, end in self.runs)


@dataclass(frozen=True, slots=True)
class Turn:
    """A stretch of time in which a speaker, numbered from 0, speaks."""

    start: float
    end: float
    speaker: int


@dataclass(frozen=True, slots=True)
class HeardSpan:
    """A span's segments, and the voices that were heard in it."""

    span: Span
    segments: Sequence[Segment]
    voices: Sequence[Voice]
