"""One segment made two, and two made one."""

from collections.abc import Sequence
from dataclasses import replace

from transcriber.engine.results import Segment, Word
from transcriber.transcripts.editing.text import needs_space, tidy_text
from transcriber.transcripts.editing.words import spread_words


def cut_segment(
    segment: Segment, character: int | None, at: float | None
) -> tuple[Segment, Segment]:
    """Cut a segment before a character of its text, at a time, or both.

    Raises:
        ValueError: when one of the two would have no text, or the time is not inside.
    """
    if at is not None and not segment.start < at < segment.end:
        raise ValueError(f"{at:g} s is not inside of the segment.")
    offsets = _locate_words(segment.words, segment.text)
    if character is None:
        character = _find_character(segment, offsets, at or segment.start)
    texts = tidy_text(segment.text[:character]), tidy_text(segment.text[character:])
    if not all(texts):
        raise ValueError("Both segments must have some text.")
    words = _cut_words(segment.words, offsets, character)
    if at is None:
        at = _find_time(segment, words, character)
    first = replace(segment, end=at, text=texts[0], words=clamp_words(words[0], segment.start, at))
    second = replace(segment, start=at, text=texts[1], words=clamp_words(words[1], at, segment.end))
    return first, second


def join_segments(first: Segment, second: Segment) -> Segment:
    """One segment of two, which is trusted as little as the less trusted of them."""
    joint = " " if needs_space(first.text, second.text) else ""
    return Segment(
        start=min(first.start, second.start),
        end=max(first.end, second.end),
        text=first.text + joint + second.text,
        avg_logprob=min(first.avg_logprob, second.avg_logprob),
        no_speech_prob=max(first.no_speech_prob, second.no_speech_prob),
        compression_ratio=max(first.compression_ratio, second.compression_ratio),
        temperature=max(first.temperature, second.temperature),
        words=_join_words(first, second, joint),
        speaker=first.speaker if first.speaker is not None else second.speaker,
    )


def clamp_words(words: Sequence[Word], start: float, end: float) -> tuple[Word, ...]:
    """The words of a segment whose bounds moved: those outside come to its edge."""
    return tuple(
        replace(word, start=min(max(word.start, start), end), end=min(max(word.end, start), end))
        for word in words
    )


def _locate_words(words: Sequence[Word], text: str) -> list[int]:
    # Where each word begins in the text, not counting the space in front of it.
    offsets: list[int] = []
    behind = 0
    for word in words:
        spoken = word.word.strip()
        found = text.find(spoken, behind)
        offsets.append(behind if found < 0 else found)
        if found >= 0:
            behind = found + len(spoken)
    return offsets


def _find_character(segment: Segment, offsets: Sequence[int], at: float) -> int:
    if not segment.words:
        raise ValueError("The segment has no timed words: say the `character` as well.")
    for word, offset in zip(segment.words, offsets, strict=True):
        if (word.start + word.end) / 2 >= at:
            return offset
    return len(segment.text)


def _cut_words(
    words: Sequence[Word], offsets: Sequence[int], character: int
) -> tuple[list[Word], list[Word]]:
    first: list[Word] = []
    second: list[Word] = []
    for word, offset in zip(words, offsets, strict=True):
        spoken = word.word.strip()
        inside = character - offset
        if inside <= 0:
            second.append(word)
        elif inside >= len(spoken):
            first.append(word)
        else:
            lead = word.word[: len(word.word) - len(word.word.lstrip())]
            middle = round(word.start + (word.end - word.start) * inside / len(spoken), 3)
            first.append(replace(word, end=middle, word=lead + spoken[:inside]))
            second.append(replace(word, start=middle, word=lead + spoken[inside:]))
    return first, second


def _find_time(segment: Segment, words: tuple[list[Word], list[Word]], character: int) -> float:
    if words[0] and words[1]:
        time = (words[0][-1].end + words[1][0].start) / 2
    else:
        time = segment.start + (segment.end - segment.start) * character / len(segment.text)
    return min(max(round(time, 3), segment.start), segment.end)


def _join_words(first: Segment, second: Segment, joint: str) -> tuple[Word, ...]:
    if not first.words and not second.words:
        return ()
    before, after = (
        each.words or spread_words(each.text, each.start, each.end) for each in (first, second)
    )
    if joint and not after[0].word[:1].isspace():
        after = (replace(after[0], word=joint + after[0].word), *after[1:])
    return before + after
