"""A recording's waveform: how loud it is, fifty times a second.

For every 320 samples (20 ms at 16 kHz) the lowest and the highest one are kept as signed 8-bit
integers, `round(sample * 127)` with samples in -1..1.  A stored waveform is these pairs and nothing
else: 100 bytes a second, 3.6 MB for ten hours.
"""

from array import array
from dataclasses import dataclass
from typing import TYPE_CHECKING

from transcriber.engine.media.formats import SAMPLE_RATE
from transcriber.infra.storage import Storage

if TYPE_CHECKING:
    from collections.abc import Iterator

PEAKS_PER_SECOND = 50
SAMPLES_PER_PEAK = SAMPLE_RATE // PEAKS_PER_SECOND
PAIR_BYTES = 2
PIECE_BYTES = 64 * 1024


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

    def read(self) -> "Iterator[array[int]]":
        """The values, lowest and highest by turns, in bounded pieces."""
        group = self.factor * PAIR_BYTES
        step = max(1, PIECE_BYTES // group) * group
        end = self.count * PAIR_BYTES
        for start in range(0, end, step):
            data = self.storage.read_range(self.key, start, min(step, end - start))
            yield _coarsen(array("b", data), self.factor)


def open_waveform(storage: Storage, key: str, *, points: int | None) -> Waveform:
    """A stored waveform with at most `points` pairs, or with all it has; blocks on the storage.

    Raises:
        ObjectMissingError: when it is not there.
        UnavailableError: when the storage does not answer.
    """
    count = storage.size(key) // PAIR_BYTES
    factor = 1 if points is None else max(1, -(-count // points))
    return Waveform(storage, key, count, factor)


def _coarsen(values: "array[int]", factor: int) -> "array[int]":
    if factor == 1:
        return values
    lowest, highest = values[::2], values[1::2]
    coarse = array("b")
    for start in range(0, len(lowest), factor):
        end = start + factor
        coarse.extend((min(lowest[start:end]), max(highest[start:end])))
    return coarse
