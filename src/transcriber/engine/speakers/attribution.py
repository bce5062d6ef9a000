"""Who says what: segments are given speakers, and parted where another one goes on."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby

from transcriber.engine.results import Segment, Word
from transcriber.engine.speakers.voices import Turn

_FARTHEST_SECONDS = 2.0
"""What is said farther than this from everybody's turn is nobody's."""


def attribute_segments(segments: Sequence[Segment], turns: Sequence[Turn]) -> list[Segment]:
    """Give each segment its speaker; one with timed words of several becomes several.

    Args:
        segments: In order, with timed words where there are any.
        turns: By their start.
    """
    attributed: list[Segment] = []
    for segment in segments:
        attributed.extend(_attribute(segment, _list_near(turns, segment)))
    return attributed


def name_speaker(number: int) -> str:
    """How a speaker is called until somebody gives a name; numbers are from 0."""
    return f"Speaker {number + 1}"


def _list_near(turns: Sequence[Turn], segment: Segment) -> list[Turn]:
    early, late = segment.start - _FARTHEST_SECONDS, segment.end + _FARTHEST_SECONDS
    return [turn for turn in turns if turn.end >= early and turn.start <= late]


def _attribute(segment: Segment, turns: list[Turn]) -> list[Segment]:
    if not segment.words:
        speaker = _find_speaker(segment.start, segment.end, turns)
        return [replace(segment, speaker=None if speaker is None else name_speaker(speaker))]
    speakers = _smooth([_find_speaker(word.start, word.end, turns) for word in segment.words])
    pairs = zip(speakers, segment.words, strict=True)
    parts = [
        (speaker, tuple(word for _, word in run))
        for speaker, run in groupby(pairs, key=lambda pair: pair[0])
    ]
    pieces = [_build_piece(segment, speaker, words) for speaker, words in parts]
    # The first and the last keep what the decoder said of where the passage begins and ends.
    pieces[0] = replace(pieces[0], start=segment.start)
    pieces[-1] = replace(pieces[-1], end=segment.end)
    if len(pieces) == 1:
        return [replace(pieces[0], text=segment.text)]
    return [piece for piece in pieces if piece.text]


def _build_piece(segment: Segment, speaker: int | None, words: tuple[Word, ...]) -> Segment:
    return replace(
        segment,
        start=words[0].start,
        end=words[-1].end,
        text="".join(word.word for word in words).strip(),
        words=words,
        speaker=None if speaker is None else name_speaker(speaker),
    )


def _find_speaker(start: float, end: float, turns: Sequence[Turn]) -> int | None:
    """Who speaks for most of the time between, else who does nearest to it."""
    shared: dict[int, float] = {}
    for turn in turns:
        overlap = min(end, turn.end) - max(start, turn.start)
        shared[turn.speaker] = shared.get(turn.speaker, 0.0) + max(0.0, overlap)
    if any(shared.values()):
        return max(shared, key=lambda speaker: shared[speaker])
    distances = [(max(turn.start - end, start - turn.end), turn.speaker) for turn in turns]
    near = [pair for pair in distances if pair[0] <= _FARTHEST_SECONDS]
    return min(near)[1] if near else None


def _smooth(speakers: list[int | None]) -> list[int | None]:
    """A single word between two of another speaker is that one's: nobody's turn is so short."""
    smooth = list(speakers)
    for place in range(1, len(speakers) - 1):
        before, after = smooth[place - 1], speakers[place + 1]
        if before == after and before is not None:
            smooth[place] = before
    return smooth
