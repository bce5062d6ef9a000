"""The precision spans are decoded in: what a recording stored as 16-bit samples still has."""

import numpy as np
from numpy.typing import NDArray

FULL_SCALE = 32_767.0
"""The integer that stands for 1.0."""


def keep_16_bits(audio: NDArray[np.float32]) -> NDArray[np.float32]:
    """Round samples in -1..1 to the values that 16-bit integers keep.

    A worker reads its span from stored samples, a single run takes it from the decoder; after
    this the two are equal to the bit, and so is their text.
    """
    steps = np.rint(np.clip(audio, -1.0, 1.0) * np.float32(FULL_SCALE))
    return (steps / np.float32(FULL_SCALE)).astype(np.float32)
