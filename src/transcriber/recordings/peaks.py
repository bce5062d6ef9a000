"""A recording's waveform: how loud it is, fifty times a second.

For every 320 samples (20 ms at 16 kHz) the lowest and the highest one are kept as signed 8-bit
integers, `round(sample * 127)` with samples in -1..1.  A stored waveform is these pairs and nothing
else: 100 bytes a second, 3.6 MB for ten hours.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from transcriber.engine.media.formats import SAMPLE_RATE
from transcriber.infra.storage import Storage

PEAKS_PER_SECOND = 50
SAMPLES_PER_PEAK = SAMPLE_RATE // PEAKS_PER_SECOND
PAIR_BYTES = 2
FULL_SCALE = 127.0
PIECE_BYTES = 64 * 1024

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


@dataclass(frozen=True, slots=True)
class Waveform:
    """A stored waveform, perhaps made coarser.

    Attributes:
        count: Pairs stored.
        factor: How many of them become one.
    """

    storage: Storage
    key: str
    count: int
    factor: int

    @property
    def length(self) -> int:
        """Pairs given."""
        return -(-self.count // self.factor)

    @property
    def samples_per_pixel(self) -> int:
        """Samples that one given pair stands for (the last one may stand for fewer)."""
        return SAMPLES_PER_PEAK * self.factor

    def read(self) -> Iterator[NDArray[np.int8]]:
        """The values, lowest and highest by turns, in bounded pieces."""
        group = self.factor * PAIR_BYTES
        step = max(1, PIECE_BYTES // group) * group
        end = self.count * PAIR_BYTES
        for start in range(0, end, step):
            data = self.storage.read_range(self.key, start, min(step, end - start))
            yield _coarsen(np.frombuffer(data, np.int8).reshape(-1, PAIR_BYTES), self.factor)


def open_waveform(storage: Storage, key: str, *, points: int | None) -> Waveform:
    """A stored waveform with at most `points` pairs, or with all it has; blocks on the storage.

    Raises:
        ObjectMissingError: when it is not there.
        UnavailableError: when the storage does not answer.
    """
    count = storage.size(key) // PAIR_BYTES
    factor = 1 if points is None else max(1, -(-count // points))
    return Waveform(storage, key, count, factor)


def _measure(samples: Audio) -> bytes:
    pairs = np.stack([samples.min(axis=1), samples.max(axis=1)], axis=1)
    return np.rint(np.clip(pairs, -1.0, 1.0) * FULL_SCALE).astype(np.int8).tobytes()


def _coarsen(pairs: NDArray[np.int8], factor: int) -> NDArray[np.int8]:
    if factor == 1:
        return pairs.reshape(-1)
    starts = np.arange(0, len(pairs), factor)
    lowest = np.minimum.reduceat(pairs[:, 0], starts)
    highest = np.maximum.reduceat(pairs[:, 1], starts)
    return np.stack([lowest, highest], axis=1).reshape(-1)
