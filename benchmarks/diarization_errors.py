"""Score turns against others: time missed, time alarmed for nothing, time given to the wrong one.

As the NIST RT evaluations define it: speakers are paired so that the time they share is greatest,
every moment counts once for each who speaks in it; here without a collar, on a grid of 10 ms.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

STEPS_PER_SECOND = 100


@dataclass(frozen=True, slots=True)
class Turn:
    """A stretch of time, in seconds, in which somebody speaks."""

    start: float
    end: float
    speaker: str


@dataclass(frozen=True, slots=True)
class DiarizationErrors:
    """Seconds of each kind of error, and seconds spoken (overlaps twice)."""

    missed: float
    false_alarm: float
    confused: float
    spoken: float

    @property
    def total(self) -> float:
        """All errors; divided by what is spoken it is the diarization error rate."""
        return self.missed + self.false_alarm + self.confused


def count_errors(expected: Sequence[Turn], found: Sequence[Turn]) -> DiarizationErrors:
    """Compare turns that were found with those there are."""
    end = max((turn.end for turn in (*expected, *found)), default=0.0)
    steps = round(end * STEPS_PER_SECOND) + 1
    true, told = _draw(expected, steps), _draw(found, steps)
    shared = true.T.astype(np.int64) @ told.astype(np.int64)
    rows, columns = linear_sum_assignment(shared, maximize=True)
    there, heard = true.sum(axis=1), told.sum(axis=1)
    both = int(np.minimum(there, heard).sum())
    counts = (
        int(np.maximum(there - heard, 0).sum()),
        int(np.maximum(heard - there, 0).sum()),
        both - int(shared[rows, columns].sum()),
        int(there.sum()),
    )
    return DiarizationErrors(*(count / STEPS_PER_SECOND for count in counts))


def _draw(turns: Sequence[Turn], steps: int) -> NDArray[np.bool_]:
    """Who speaks at each step: (steps, speakers)."""
    names = sorted({turn.speaker for turn in turns})
    drawn = np.zeros((steps, max(1, len(names))), np.bool_)
    for turn in turns:
        run = slice(round(turn.start * STEPS_PER_SECOND), round(turn.end * STEPS_PER_SECOND))
        drawn[run, names.index(turn.speaker)] = True
    return drawn
