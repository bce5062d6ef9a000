"""Made-up recordings whose samples say whether they are speech, and a detector that reads them."""

import numpy as np
from numpy.typing import NDArray

from transcriber.engine.speech.detector import FRAME_SAMPLES, SAMPLE_RATE

SPEECH = np.float32(0.9)
SILENCE = np.float32(0.0)


def record(*parts: tuple[float, float]) -> NDArray[np.float32]:
    """A recording of (probability of speech, seconds) in turn."""
    pieces = [np.full(int(seconds * SAMPLE_RATE), value, np.float32) for value, seconds in parts]
    return np.concatenate(pieces)


class SampleDetector:
    """The probability of a frame is the mean of its samples."""

    def __init__(self) -> None:
        self._rest = np.zeros(0, np.float32)

    def feed(self, block: NDArray[np.float32]) -> NDArray[np.float32]:
        audio = np.concatenate([self._rest, block])
        complete = len(audio) - len(audio) % FRAME_SAMPLES
        self._rest = audio[complete:]
        return audio[:complete].reshape(-1, FRAME_SAMPLES).mean(axis=1, dtype=np.float32)

    def finish(self) -> NDArray[np.float32]:
        rest, self._rest = self._rest, np.zeros(0, np.float32)
        return rest[:1]
