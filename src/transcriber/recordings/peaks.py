"""Measuring a recording's waveform while it is decoded."""

import numpy as np
from numpy.typing import NDArray

from transcriber.recordings.waveform import SAMPLES_PER_PEAK

FULL_SCALE = 127.0

Audio = NDArray[np.float32]


class PeakMeter:
    """Makes the pairs while a recording is decoded; holds at most 20 ms of it."""

    def __init__(self) -> None:
        self._rest: Audio = np.zeros(0, np.float32)

    def feed(self, block: Audio) -> bytes:
        """Take the next samples (mono, 16 kHz, -1..1); return the pairs that became complete."""
        samples = np.concatenate([self._rest, block])
        count = len(samples) // SAMPLES_PER_PEAK
        whole = count * SAMPLES_PER_PEAK
        self._rest = samples[whole:]
        return _measure(samples[:whole].reshape(count, SAMPLES_PER_PEAK)) if count else b""

    def finish(self) -> bytes:
        """End the recording; return the pair of its last, shorter piece, if there is one."""
        rest, self._rest = self._rest, np.zeros(0, np.float32)
        return _measure(rest[np.newaxis]) if len(rest) else b""


def _measure(samples: Audio) -> bytes:
    pairs = np.stack([samples.min(axis=1), samples.max(axis=1)], axis=1)
    return np.rint(np.clip(pairs, -1.0, 1.0) * FULL_SCALE).astype(np.int8).tobytes()
