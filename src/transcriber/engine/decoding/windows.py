"""The walk over a span, window by window, as the reference implementation seeks."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from transcriber.engine.decoding.decoder import (
    FRAMES_PER_SECOND,
    WINDOW_FRAMES,
    Attempt,
    Passage,
    WindowDecoder,
    WindowSplit,
)
from transcriber.engine.decoding.fallback import generate_with_fallback
from transcriber.engine.decoding.judgement import decide
from transcriber.engine.decoding.repetition import mark_repeats
from transcriber.engine.options import TranscribeOptions
from transcriber.engine.results import DropReason

_PROMPT_RESET_TEMPERATURE = 0.5
"""Text sampled above this does not prompt the next window (openai-whisper's constant)."""


@dataclass(frozen=True, slots=True)
class WindowResult:
    """One decoded window.

    Attributes:
        kept: Passages that are believed, in order.
        dropped: Passages that are not, each with the reason.
        attempt: The attempt they come from.
        settled_seconds: How much of the audio is done, from its start.
    """

    kept: tuple[Passage, ...]
    dropped: tuple[tuple[Passage, DropReason], ...]
    attempt: Attempt
    settled_seconds: float


@dataclass(slots=True)
class _Walk:
    """What one window hands to the next."""

    prompt_tokens: list[int]
    recent_texts: list[str] = field(default_factory=list[str])
    last_speech: float = 0.0


def decode_windows(
    decoder: WindowDecoder, audio: NDArray[np.float32], options: TranscribeOptions
) -> Iterator[WindowResult]:
    """Yield each window of the audio (16 kHz mono) as it is decoded."""
    features = decoder.extract_features(audio)
    # The extractor pads the audio by one frame.
    total = features.shape[-1] - 1
    walk = _Walk(encode_prompt(decoder, options.initial_prompt))
    seek = 0
    while seek < total:
        frames = min(WINDOW_FRAMES, total - seek)
        encoded = decoder.encode(features[:, seek : seek + frames])
        attempt = generate_with_fallback(decoder, encoded, walk.prompt_tokens, options)
        attempt, reason = decide(decoder, encoded, attempt, options)
        if reason is not None:
            passage = _cover_window(attempt, seek, frames)
            seek += frames
            walk.prompt_tokens = []
            yield WindowResult((), ((passage, reason),), attempt, seek / FRAMES_PER_SECOND)
            continue
        split = decoder.split(attempt, seek, frames)
        if options.times_words:
            split = _time_words(decoder, encoded, split, seek, frames, walk)
        passages = tuple(passage for passage in split.passages if has_text(passage))
        kept, dropped = part_loops(passages, walk.recent_texts)
        # A decoder that settles nothing would be asked for the same window forever.
        seek += min(max(split.settled_frames, 1), frames)
        _remember(walk, kept, dropped, attempt, options)
        yield WindowResult(kept, dropped, attempt, seek / FRAMES_PER_SECOND)


def encode_prompt(decoder: WindowDecoder, prompt: str | None) -> list[int]:
    """Return the tokens that an initial prompt puts before a window."""
    return decoder.encode_text(" " + prompt.strip()) if prompt and prompt.strip() else []


def _cover_window(attempt: Attempt, seek: int, frames: int) -> Passage:
    start = seek / FRAMES_PER_SECOND
    return Passage(start, start + frames / FRAMES_PER_SECOND, attempt.text, attempt.tokens)


def _time_words(  # noqa: PLR0917 -- one private call, in the order the walk reads.
    decoder: WindowDecoder,
    encoded: Any,
    split: WindowSplit,
    seek: int,
    frames: int,
    walk: _Walk,
) -> WindowSplit:
    passages = decoder.time_words(encoded, split.passages, seek, frames, walk.last_speech)
    ends = [word.end for passage in passages for word in passage.words]
    if not ends:
        return split
    walk.last_speech = ends[-1]
    settled = split.settled_frames
    if not split.ends_whole:
        # The next window begins after the last timed word, as in the reference.
        after_words = round(ends[-1] * FRAMES_PER_SECOND) - seek
        settled = after_words if after_words > 0 else settled
    return WindowSplit(passages, settled, split.ends_whole)


def has_text(passage: Passage) -> bool:
    """Say whether a passage holds anything."""
    # Passages of no length are the model's way of saying nothing; the reference drops them too.
    return passage.start < passage.end and bool(passage.text.strip())


def part_loops(
    passages: tuple[Passage, ...], recent_texts: list[str]
) -> tuple[tuple[Passage, ...], tuple[tuple[Passage, DropReason], ...]]:
    """Part a window's passages into those to keep and those that go on with a loop."""
    marks = mark_repeats([passage.text for passage in passages], recent_texts)
    kept = tuple(p for p, is_loop in zip(passages, marks, strict=True) if not is_loop)
    dropped = [p for p, is_loop in zip(passages, marks, strict=True) if is_loop]
    return kept, tuple((passage, "repetition") for passage in dropped)


def _remember(
    walk: _Walk,
    kept: tuple[Passage, ...],
    dropped: tuple[tuple[Passage, DropReason], ...],
    attempt: Attempt,
    options: TranscribeOptions,
) -> None:
    walk.recent_texts.extend(passage.text for passage in kept)
    is_trusted = attempt.temperature <= _PROMPT_RESET_TEMPERATURE and not dropped
    if not options.condition_on_previous_text or not is_trusted:
        walk.prompt_tokens = []
        return
    walk.prompt_tokens = [
        *walk.prompt_tokens,
        *(token for passage in kept for token in passage.tokens),
    ]
