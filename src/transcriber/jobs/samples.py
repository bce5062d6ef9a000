"""A decoded recording as stored: 16 kHz, mono, 16-bit little-endian samples."""

import numpy as np
from numpy.typing import NDArray

SAMPLE_RATE = 16_000
SAMPLE_BYTES = 2
_FULL_SCALE = 32_767.0


def to_pcm(audio: NDArray[np.float32]) -> bytes:
    """Samples in -1..1 as 16-bit integers."""
    return np.rint(np.clip(audio, -1.0, 1.0) * _FULL_SCALE).astype("<i2").tobytes()


def to_audio(data: bytes) -> NDArray[np.float32]:
    """The inverse of `to_pcm`."""
    return np.frombuffer(data, "<i2").astype(np.float32) / np.float32(_FULL_SCALE)
