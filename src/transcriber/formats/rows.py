"""A transcript as rows of a table: one for each segment, or one for each word that was timed."""

from collections.abc import Iterable, Iterator

from transcriber.engine.results import Segment
from transcriber.formats.confidence import format_confidence, measure_confidence
from transcriber.formats.pieces import do_words_spell_text
from transcriber.formats.plain_text import clean_text
from transcriber.formats.selection import Selection
from transcriber.formats.speakers import name_speaker
from transcriber.formats.timestamps import to_milliseconds


def list_columns(selection: Selection) -> list[str]:
    """Return the heading: times in whole milliseconds, what was asked for, and the text."""
    return [
        "start",
        "end",
        *(["speaker"] if selection.speakers else []),
        *(["confidence"] if selection.confidence else []),
        "text",
    ]


def build_rows(segments: Iterable[Segment], selection: Selection) -> Iterator[list[str]]:
    """Yield the cells of each row, printable and on one line.

    A segment whose words were not timed, or no longer spell its text, stays one row.
    """
    for segment in segments:
        speaker = [name_speaker(segment)] if selection.speakers else []
        for start, end, text, confidence in _divide(segment, by_word=selection.words):
            yield [
                str(to_milliseconds(start)),
                str(to_milliseconds(end)),
                *speaker,
                *([format_confidence(confidence)] if selection.confidence else []),
                clean_text(text),
            ]


def _divide(segment: Segment, *, by_word: bool) -> Iterator[tuple[float, float, str, float]]:
    if by_word and do_words_spell_text(segment):
        for word in segment.words:
            yield word.start, word.end, word.word, word.probability
    else:
        yield segment.start, segment.end, segment.text, measure_confidence(segment)
