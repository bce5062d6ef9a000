"""What a voice sounds like, as a point: near another where it is the same person's.

The network is Resemblyzer's speaker encoder (Wan et al. 2018, "Generalized end-to-end loss for
speaker verification", arXiv:1710.10467): three recurrent layers over 40 mel bands of 1.6 s.
"""

from collections.abc import Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

from transcriber.engine.networks import Network
from transcriber.engine.speakers.voices import PRINT_SIZE
from transcriber.engine.speakers.weights import VOICEPRINT, load_network
from transcriber.engine.speech.detector import SAMPLE_RATE

MINIMUM_SECONDS = 0.2
"""Less is repeated so often to fill the network's input that it says nothing of the voice."""

_BANDS = 40
_FRAME_SAMPLES = 400
_HOP_SAMPLES = 160
_PARTIAL_FRAMES = 160
_PARTIAL_HOP = 80
"""Partials of 1.6 s that overlap by half: these and the values above are the network's training."""

_LOUDNESS_DB = -30.0
"""Quieter audio is raised to this level, and louder is left: again as in training."""

_PARTIALS_AT_ONCE = 32
_QUIETEST = 1e-9


def print_voices(
    pieces: Sequence[NDArray[np.float32]], network: Network | None = None
) -> list[NDArray[np.float32]]:
    """The voiceprint of each piece of audio (float32, mono, 16 kHz, not empty).

    Raises:
        SpeakersError: the network is not there.
    """
    network = network or load_network(VOICEPRINT)
    partials: list[NDArray[np.float32]] = []
    owners: list[int] = []
    for owner, piece in enumerate(pieces):
        found = _part(_compute_mel(_raise_level(piece)))
        partials.extend(found)
        owners.extend([owner] * len(found))
    prints = np.zeros((len(pieces), PRINT_SIZE), np.float32)
    for first in range(0, len(partials), _PARTIALS_AT_ONCE):
        batch = np.stack(partials[first : first + _PARTIALS_AT_ONCE])
        (points,) = network.run(None, {"mel": batch})
        np.add.at(prints, owners[first : first + len(batch)], _scale(points))
    return list(_scale(prints))


def _scale(points: NDArray[np.float32]) -> NDArray[np.float32]:
    return points / np.maximum(np.linalg.norm(points, axis=1, keepdims=True), _QUIETEST)


def _raise_level(audio: NDArray[np.float32]) -> NDArray[np.float32]:
    level = 10 * np.log10(np.mean(np.square(audio)) + _QUIETEST**2)
    return audio * np.float32(10 ** (max(0.0, _LOUDNESS_DB - float(level)) / 20))


def _part(mel: NDArray[np.float32]) -> list[NDArray[np.float32]]:
    """Cut (frames, bands) into partials; what is shorter than one is repeated."""
    if len(mel) < _PARTIAL_FRAMES:
        times = -(-_PARTIAL_FRAMES // len(mel))
        return [np.tile(mel, (times, 1))[:_PARTIAL_FRAMES]]
    last = len(mel) - _PARTIAL_FRAMES
    starts = [*range(0, last, _PARTIAL_HOP), last]
    return [mel[start : start + _PARTIAL_FRAMES] for start in starts]


def _compute_mel(audio: NDArray[np.float32]) -> NDArray[np.float32]:
    """Power in mel bands, not its logarithm: (frames, bands), a frame every 10 ms."""
    padded = np.pad(audio, _FRAME_SAMPLES // 2)
    frames = np.lib.stride_tricks.sliding_window_view(padded, _FRAME_SAMPLES)[::_HOP_SAMPLES]
    window = np.hanning(_FRAME_SAMPLES + 1)[:-1].astype(np.float32)
    power = np.square(np.abs(np.fft.rfft(frames * window))).astype(np.float32)
    return power @ _build_filters()


@cache
def _build_filters() -> NDArray[np.float32]:
    """Slaney's mel filters with equal areas (Auditory Toolbox, 1998): (frequencies, bands)."""
    frequencies = np.linspace(0, SAMPLE_RATE / 2, _FRAME_SAMPLES // 2 + 1)
    edges = _to_hertz(np.linspace(0, _to_mel(SAMPLE_RATE / 2), _BANDS + 2))
    low, middle, high = (edges[shift : shift + _BANDS, None] for shift in range(3))
    rising = (frequencies - low) / (middle - low)
    falling = (high - frequencies) / (high - middle)
    triangles = np.maximum(0, np.minimum(rising, falling))
    return (triangles * 2 / (high - low)).T.astype(np.float32)


_BREAK_HERTZ = 1_000.0
_HERTZ_PER_MEL = 200 / 3
_LOG_STEP = np.log(6.4) / 27
"""Below 1 kHz mels are linear, above it 27 of them multiply the frequency by 6.4."""


def _to_mel(hertz: float) -> float:
    return float(_BREAK_HERTZ / _HERTZ_PER_MEL + np.log(hertz / _BREAK_HERTZ) / _LOG_STEP)


def _to_hertz(mels: NDArray[np.float64]) -> NDArray[np.float64]:
    break_mel = _BREAK_HERTZ / _HERTZ_PER_MEL
    above = _BREAK_HERTZ * np.exp(_LOG_STEP * (mels - break_mel))
    return np.where(mels < break_mel, mels * _HERTZ_PER_MEL, above)
