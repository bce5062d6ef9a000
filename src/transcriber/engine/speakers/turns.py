"""From voices in overlapping windows to turns: who speaks when, once for every moment."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from transcriber.engine.results import Span
from transcriber.engine.speakers.segmentation import STEP_SAMPLES, WINDOW_SAMPLES
from transcriber.engine.speakers.voices import Turn, Voice
from transcriber.engine.speech.detector import SAMPLE_RATE

_PER_SECOND = 100
_WINDOW_SECONDS = WINDOW_SAMPLES / SAMPLE_RATE
_STEP_SECONDS = STEP_SAMPLES / SAMPLE_RATE


def find_turns(span: Span, voices: Sequence[Voice], speakers: Sequence[int | None]) -> list[Turn]:
    """The turns of a span, by their start.

    As many speak at a moment as the windows that hear it say in the mean, and those are the
    speakers that most of them heard.

    Args:
        span: Where the voices were heard.
        voices: As `hear_voices` gave them.
        speakers: Whose each is.
    """
    count = max((each for each in speakers if each is not None), default=-1) + 1
    if count == 0:
        return []
    steps = round((span.end - span.start) * _PER_SECOND)
    heard = np.zeros((steps, count), np.float32)
    talking = np.zeros(steps, np.float32)
    for voice, speaker in zip(voices, speakers, strict=True):
        for start, end in voice.runs:
            run = slice(_to_step(start, span), _to_step(end, span))
            talking[run] += 1
            if speaker is not None:
                heard[run, speaker] += 1
    # Half a voice counts: one of two windows hears somebody begin or end that the other misses.
    wanted = np.floor(talking / _count_windows(steps, span) + 0.5)
    ranks = (-heard).argsort(axis=1, kind="stable").argsort(axis=1, kind="stable")
    speaks = (ranks < wanted[:, None]) & (heard > 0)
    turns = [
        Turn(span.start + begin / _PER_SECOND, span.start + end / _PER_SECOND, speaker)
        for speaker in range(count)
        for begin, end in _list_runs(speaks[:, speaker])
    ]
    return sorted(turns, key=lambda turn: (turn.start, turn.speaker))


def _to_step(seconds: float, span: Span) -> int:
    return round((seconds - span.start) * _PER_SECOND)


def _count_windows(steps: int, span: Span) -> NDArray[np.float32]:
    """How many windows hear each moment."""
    counts = np.zeros(steps, np.float32)
    start = 0.0
    while True:
        counts[round(start * _PER_SECOND) : round((start + _WINDOW_SECONDS) * _PER_SECOND)] += 1
        if start + _WINDOW_SECONDS >= span.end - span.start:
            return np.maximum(counts, 1)
        start += _STEP_SECONDS


def _list_runs(speaks: NDArray[np.bool_]) -> list[tuple[int, int]]:
    edges = np.flatnonzero(np.diff(np.concatenate([[False], speaks, [False]]).astype(np.int8)))
    return [(int(begin), int(end)) for begin, end in zip(edges[::2], edges[1::2], strict=True)]
