"""Where to cut a long stretch of audio: at the silence that is long and near the target."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from transcriber.engine.speech.detector import FRAME_SAMPLES, SAMPLE_RATE
from transcriber.engine.speech.regions import SpeechSwitch

TARGET_SECONDS = 130.0
"""Where a cut is best: nine chunks, one batch of nearly equal lengths (decision 60), and small
enough that losing an unfinished span costs a worker little."""

MAXIMUM_SECONDS = 145.0
"""No span is longer; a recording up to this length is one span."""

_EARLIEST_SECONDS = 30.0
"""No cut comes before one whole Whisper window."""

_SHORTEST_PAUSE_SECONDS = 0.3
"""Shorter silences lie inside sentences and words."""

_ENOUGH_PAUSE_SECONDS = 2.0
"""Beyond this a longer silence is no better a place to cut."""

_SCORE_PER_SECOND_OFF_TARGET = 0.02
"""A two-second pause 60 s off the target is worth as much as a 0.8 s pause on it."""

_EARLIEST_FORCED_SECONDS = 60.0
"""A cut through speech is not bound to the target: among more places there is a better one."""

_SMOOTHED_FRAMES = 9
"""A forced cut looks for the lowest mean probability over this many frames (0.29 s)."""


def _to_frames(seconds: float) -> int:
    return int(seconds * SAMPLE_RATE) // FRAME_SAMPLES


TARGET_FRAMES = _to_frames(TARGET_SECONDS)
MAXIMUM_FRAMES = _to_frames(MAXIMUM_SECONDS)
_EARLIEST_FRAMES = _to_frames(_EARLIEST_SECONDS)
_EARLIEST_FORCED_FRAMES = _to_frames(_EARLIEST_FORCED_SECONDS)


@dataclass(frozen=True, slots=True)
class Pause:
    """A silence in frames: speech stops at `start` and goes on at `stop` (excluded)."""

    start: int
    stop: int

    @property
    def middle(self) -> int:
        """The frame farthest from speech."""
        return (self.start + self.stop) // 2


def find_pauses(probabilities: NDArray[np.float32]) -> list[Pause]:
    """Return every silence long enough to cut at, the one at the end included."""
    switch = SpeechSwitch()
    speaking = [switch.step(float(probability)) for probability in probabilities]
    edges = np.flatnonzero(np.diff([1, *map(int, speaking), 1]))
    pauses = (Pause(int(start), int(stop)) for start, stop in edges.reshape(-1, 2))
    shortest = _to_frames(_SHORTEST_PAUSE_SECONDS)
    return [pause for pause in pauses if pause.stop - pause.start >= shortest]


def choose_cut(probabilities: NDArray[np.float32]) -> Pause:
    """Choose where a stretch longer than the maximum is cut.

    Without a pause between the earliest place and the end, the cut is forced where the
    probability of speech is lowest in the second half: an empty pause.
    """
    pauses = [pause for pause in find_pauses(probabilities) if pause.stop > _EARLIEST_FRAMES]
    if pauses:
        return max(pauses, key=_score)
    return _force_cut(probabilities)


def _score(pause: Pause) -> float:
    seconds = FRAME_SAMPLES / SAMPLE_RATE
    length = min((pause.stop - pause.start) * seconds, _ENOUGH_PAUSE_SECONDS)
    nearest = min(max(TARGET_FRAMES, pause.start), pause.stop)
    return length - _SCORE_PER_SECOND_OFF_TARGET * abs(nearest - TARGET_FRAMES) * seconds


def _force_cut(probabilities: NDArray[np.float32]) -> Pause:
    searched = probabilities[_EARLIEST_FORCED_FRAMES:]
    smoothed = np.convolve(searched, np.full(_SMOOTHED_FRAMES, 1 / _SMOOTHED_FRAMES), "valid")
    frame = _EARLIEST_FORCED_FRAMES + int(np.argmin(smoothed)) + _SMOOTHED_FRAMES // 2
    return Pause(frame, frame)
