"""The voices of one span."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from transcriber.engine.networks import Network
from transcriber.engine.results import Span
from transcriber.engine.speakers.segmentation import (
    FRAME_SAMPLES,
    VOICES,
    hear_windows,
    to_frame_seconds,
)
from transcriber.engine.speakers.voiceprints import MINIMUM_SECONDS, print_voices
from transcriber.engine.speakers.voices import Voice
from transcriber.engine.speech.detector import SAMPLE_RATE

_ALONE_SECONDS = 0.5
"""A voice is judged by where it is heard alone, if that is at least this long."""

Frames = NDArray[np.bool_]


def hear_voices(
    audio: NDArray[np.float32],
    span: Span,
    check: Callable[[], None] | None = None,
    *,
    segmentation: Network | None = None,
    voiceprint: Network | None = None,
) -> tuple[Voice, ...]:
    """Tell the voices of a span; equal audio gives equal voices.

    Args:
        audio: The span's audio: float32, mono, 16 kHz.
        span: Its place in the recording, whose times the voices have.
        check: Called for each window; it may raise to stop.
        segmentation: Another network than the package's.
        voiceprint: The same.

    Raises:
        SpeakersError: this installation lacks a network.
        OutOfMemoryError: the machine has too little memory at present.
    """
    voices: list[Voice] = []
    for window, (start, speaks) in enumerate(hear_windows(audio, segmentation)):
        if check is not None:
            check()
        present = [voice for voice in range(VOICES) if speaks[:, voice].any()]
        pieces = [_cut_out(audio[start:], speaks, voice) for voice in present]
        enough = [len(piece) >= MINIMUM_SECONDS * SAMPLE_RATE for piece in pieces]
        heard = [piece for piece, is_enough in zip(pieces, enough, strict=True) if is_enough]
        prints = iter(print_voices(heard, voiceprint))
        offset = span.start + start / SAMPLE_RATE
        voices.extend(
            Voice(
                window,
                _list_runs(speaks[:, voice], offset, span.end),
                next(prints) if is_enough else None,
            )
            for voice, is_enough in zip(present, enough, strict=True)
        )
    return tuple(voices)


def _cut_out(audio: NDArray[np.float32], speaks: Frames, voice: int) -> NDArray[np.float32]:
    """A voice's audio, joined: where it is alone, or all of it where that is too little."""
    alone = speaks[:, voice] & (speaks.sum(axis=1) == 1)
    is_enough = alone.sum() * FRAME_SAMPLES >= _ALONE_SECONDS * SAMPLE_RATE
    samples = np.repeat(alone if is_enough else speaks[:, voice], FRAME_SAMPLES)[: len(audio)]
    return audio[: len(samples)][samples]


def _list_runs(speaks: Frames, offset: float, latest: float) -> tuple[tuple[float, float], ...]:
    edges = np.flatnonzero(np.diff(np.concatenate([[False], speaks, [False]]).astype(np.int8)))
    times = [round(min(offset + to_frame_seconds(int(edge)), latest), 3) for edge in edges]
    return tuple(zip(times[::2], times[1::2], strict=True))
