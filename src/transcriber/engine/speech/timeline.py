"""Speech joined without its long silences, and the way back to the recording's times."""

from bisect import bisect_left, bisect_right
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from transcriber.engine.speech.detector import SAMPLE_RATE
from transcriber.engine.speech.regions import PADDING_SAMPLES, Region

_SNAP_SECONDS = PADDING_SAMPLES / SAMPLE_RATE


class SpeechTimeline:
    """Maps times in the joined speech back to times in the piece it was cut from."""

    def __init__(self, regions: list[Region]) -> None:
        self._regions = regions
        lengths = [region.stop - region.start for region in regions]
        self._stops = [total / SAMPLE_RATE for total in accumulate(lengths)]
        self._starts = [0.0, *self._stops[:-1]]

    def join(self, audio: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the speech of `audio`, one region after the other."""
        if len(self._regions) == 1:
            return audio[self._regions[0].start : self._regions[0].stop]
        return np.concatenate([audio[region.start : region.stop] for region in self._regions])

    def restore(self, start: float, end: float) -> tuple[float, float]:
        """Map a passage of the joined speech back, in seconds.

        The padding at a join holds no speech.  A passage that reaches over a join and only
        touches the padding on one side of it is therefore drawn back to the side of its words.
        """
        first = min(bisect_right(self._stops, start), len(self._regions) - 1)
        last = max(first, min(bisect_left(self._stops, end), len(self._regions) - 1))
        if first < last and self._stops[first] - start <= _SNAP_SECONDS:
            first += 1
            start = self._starts[first]
        if first < last and end - self._starts[last] <= _SNAP_SECONDS:
            last -= 1
            end = self._stops[last]
        return self._place(first, start), self._place(last, end)

    def _place(self, index: int, time: float) -> float:
        region = self._regions[index]
        offset = min(max(time, self._starts[index]), self._stops[index]) - self._starts[index]
        return region.start / SAMPLE_RATE + offset
