"""How far the times of recognised words are from the truth, and whether they run backwards."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import Levenshtein

from aligned_speech import AlignedClip, Recording, TimedWord
from intervals import find_interval

NEAR_MS = 100.0
Milliseconds = NDArray[np.float64]
Measure = Callable[[Milliseconds], float]


@dataclass(frozen=True, slots=True)
class ClipTimes:
    """What one program made of one clip; times in milliseconds, positive where it is late.

    Attributes:
        words: How many words are said.
        starts: Of each word that was recognised, less the aligner's.
        ends: Likewise.
        first: The first word's start less the clip's first sound; empty where it was missed.
        last: The last word's end less the clip's last sound; likewise.
    """

    words: int
    starts: Milliseconds
    ends: Milliseconds
    first: Milliseconds
    last: Milliseconds


def compare(
    recording: Recording, heard: Sequence[TimedWord], keys: Mapping[str, str]
) -> list[ClipTimes]:
    """Match words with what is said, and return the differences of each of the recording's clips.

    Args:
        recording: With the true times.
        heard: What a program recognised, in order.
        keys: The normalised form of each text; words are equal where this is.
    """
    heard = [word for word in heard if keys[word.text]]
    spoken = [
        (part, index)
        for part, (_, clip) in enumerate(recording.parts)
        for index, word in enumerate(clip.words)
        if keys[word.text]
    ]
    texts = [keys[recording.parts[part][1].words[index].text] for part, index in spoken]
    found: list[dict[int, TimedWord]] = [{} for _ in recording.parts]
    for step in Levenshtein.opcodes(texts, [keys[word.text] for word in heard]):
        if step.tag == "equal":
            places = spoken[step.src_start : step.src_end]
            for (part, index), word in zip(
                places, heard[step.dest_start : step.dest_end], strict=True
            ):
                found[part][index] = word
    return [
        compare_clip(clip, offset, matched)
        for (offset, clip), matched in zip(recording.parts, found, strict=True)
    ]


def compare_clip(clip: AlignedClip, offset: float, matched: Mapping[int, TimedWord]) -> ClipTimes:
    """Return the differences of a clip that begins at an offset, by its words' indices."""
    first, last = matched.get(0), matched.get(len(clip.words) - 1)
    pairs = [(clip.words[index], word) for index, word in matched.items()]
    return ClipTimes(
        words=len(clip.words),
        starts=_subtract((word.start - offset, true.start) for true, word in pairs),
        ends=_subtract((word.end - offset, true.end) for true, word in pairs),
        first=_subtract([(first.start - offset, clip.first_sound)] if first else []),
        last=_subtract([(last.end - offset, clip.last_sound)] if last else []),
    )


def count_backwards(pieces: Sequence[Any]) -> int:
    """Count what ends before it begins or begins before the one before; each is (start, end, …)."""
    inside = sum(piece[1] < piece[0] for piece in pieces)
    return inside + sum(later[0] < earlier[0] for earlier, later in pairwise(pieces))


def median_off(late: Milliseconds) -> float:
    """Median of how far off."""
    return float(np.median(np.abs(late)))


def ninth_off(late: Milliseconds) -> float:
    """The 90th percentile of how far off."""
    return float(np.quantile(np.abs(late), 0.9))


def share_near(late: Milliseconds) -> float:
    """Share within 100 ms."""
    return float(np.mean(np.abs(late) <= NEAR_MS))


def describe(
    clips: Sequence[ClipTimes], pick: Callable[[ClipTimes], Milliseconds], measure: Measure
) -> tuple[float, float, float]:
    """Return a figure over all words of clips, and its interval by draws from the clips."""

    def over(drawn: Sequence[ClipTimes]) -> float:
        return measure(np.concatenate([pick(clip) for clip in drawn]))

    return over(clips), *find_interval(clips, over)


def _subtract(pairs: Iterable[tuple[float, float]]) -> Milliseconds:
    return np.array([1_000 * (found - true) for found, true in pairs], np.float64)
