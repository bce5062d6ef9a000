"""Which voices are heard when, in windows of ten seconds.

The network is pyannote's segmentation 3.0 (Plaquet and Bredin 2023, "Powerset multi-class cross
entropy loss for neural speaker diarization", arXiv:2310.13025): for each frame of a window it says
which of up to three voices speak, at most two of them at once.
"""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from transcriber.engine.networks import Network
from transcriber.engine.speakers.weights import SEGMENTATION, load_network
from transcriber.engine.speech.detector import SAMPLE_RATE

WINDOW_SAMPLES = 10 * SAMPLE_RATE
"""What the network was trained on."""

STEP_SAMPLES = 5 * SAMPLE_RATE
"""Every moment is heard twice.  Steps of 1 s find a percent more, for four times the work."""

FRAME_SAMPLES = 270
"""The strides of the network's layers multiplied: 10 x 3 x 3 x 3 (a frame is 16.9 ms)."""

_FIRST_FRAME_SAMPLES = 991
"""How much audio one frame sees; frame n stands for the middle of what it sees."""

VOICES = 3
_CLASSES = ((), (0,), (1,), (2,), (0, 1), (0, 2), (1, 2))
"""What each of the network's seven outputs says: who speaks."""

_SPEAKS = np.array([[voice in each for voice in range(VOICES)] for each in _CLASSES], bool)


def hear_windows(
    audio: NDArray[np.float32], network: Network | None = None
) -> Iterator[tuple[int, NDArray[np.bool_]]]:
    """Yield each window's first sample, and who speaks in it: (frames, `VOICES`).

    Args:
        audio: float32, mono, 16 kHz.
        network: Another than the package's.

    Raises:
        SpeakersError: the network is not there.
    """
    network = network or load_network(SEGMENTATION)
    start = 0
    while start < len(audio):
        window = np.zeros((1, 1, WINDOW_SAMPLES), np.float32)
        piece = audio[start : start + WINDOW_SAMPLES]
        window[0, 0, : len(piece)] = piece
        (scores,) = network.run(None, {"input": window})
        speaks = _SPEAKS[scores[0].argmax(axis=-1)]
        # Nobody speaks in what was filled up.
        speaks[count_frames(len(piece)) :] = False
        yield start, speaks
        if start + WINDOW_SAMPLES >= len(audio):
            return
        start += STEP_SAMPLES


def count_frames(samples: int) -> int:
    """How many frames begin within so many samples of a window."""
    return -(-samples // FRAME_SAMPLES)


def to_frame_seconds(frame: int) -> float:
    """When a frame begins to speak for its audio, in seconds from the window's start."""
    middle = _FIRST_FRAME_SAMPLES / 2 + frame * FRAME_SAMPLES
    return max(0.0, middle - FRAME_SAMPLES / 2) / SAMPLE_RATE
