"""Plain text: one line per segment."""

from collections.abc import Iterable, Iterator

from transcriber.engine.results import Segment
from transcriber.formats.plain_text import clean_text


def write_txt(segments: Iterable[Segment]) -> Iterator[str]:
    """Yield one line per segment that has printable text."""
    for segment in segments:
        if text := clean_text(segment.text):
            yield text + "\n"
