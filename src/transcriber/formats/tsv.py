r"""Tab-separated values as openai-whisper writes them: whole milliseconds and the text.

Tabs, line ends and other control characters in the text become spaces, so a row is always a line.
"""

from collections.abc import Iterable, Iterator

from transcriber.engine.results import Segment
from transcriber.formats.plain_text import clean_text
from transcriber.formats.timestamps import to_milliseconds


def write_tsv(segments: Iterable[Segment]) -> Iterator[str]:
    """Yield the heading (`start`, `end`, `text`) and then one row per segment."""
    yield "start\tend\ttext\n"
    for segment in segments:
        start, end = to_milliseconds(segment.start), to_milliseconds(segment.end)
        yield f"{start}\t{end}\t{clean_text(segment.text)}\n"
