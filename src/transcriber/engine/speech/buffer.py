"""A first-in, first-out run of samples in one fixed allocation."""

import numpy as np
from numpy.typing import NDArray


class SampleBuffer:
    """Holds the samples between those dropped and those still to come.

    A stream arrives in many small blocks; joining arrays for each would copy the whole held
    audio every time, so the samples move only when the end of the allocation is reached.
    """

    def __init__(self, capacity: int) -> None:
        self._samples = np.empty(2 * capacity, np.float32)
        self._capacity = capacity
        self._start = 0
        self._stop = 0

    def __len__(self) -> int:
        return self._stop - self._start

    def append(self, block: NDArray[np.float32]) -> None:
        """Add samples at the end.

        Raises:
            ValueError: more than the capacity would be held.
        """
        if len(self) + len(block) > self._capacity:
            raise ValueError(f"The buffer holds at most {self._capacity} samples.")
        if self._stop + len(block) > len(self._samples):
            held = len(self)
            self._samples[:held] = self._samples[self._start : self._stop]
            self._start, self._stop = 0, held
        self._samples[self._stop : self._stop + len(block)] = block
        self._stop += len(block)

    def drop(self, count: int) -> None:
        """Forget up to `count` samples at the start."""
        self._start = min(self._start + count, self._stop)

    def copy_first(self, count: int) -> NDArray[np.float32]:
        """Return up to `count` samples from the start, as an array of their own."""
        return self._samples[self._start : min(self._start + count, self._stop)].copy()
