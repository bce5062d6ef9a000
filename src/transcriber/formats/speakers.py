"""Who says a segment, written into its text for the formats that have no other place for it."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from transcriber.engine.results import Segment, Word
from transcriber.formats.plain_text import clean_text


def name_speaker(segment: Segment) -> str:
    """Return the speaker's name as one printable line, or nothing where it is not known."""
    return clean_text(segment.speaker or "")


def announce_speakers(segments: Iterable[Segment]) -> Iterator[Segment]:
    """Yield the segments with `Name: ` before the text of each whose speaker is known."""
    for segment in segments:
        yield _announce(segment, name) if (name := name_speaker(segment)) else segment


def _announce(segment: Segment, name: str) -> Segment:
    words = segment.words
    if words:
        # The name takes no time of its own.  The first word stands apart from it, as it does from
        # the segment before.
        first = replace(words[0], word=f" {words[0].word.lstrip()}")
        label = Word(words[0].start, words[0].start, f" {name}:", 1.0)
        words = (label, first, *words[1:])
    return replace(segment, text=f"{name}: {segment.text}", words=words)
