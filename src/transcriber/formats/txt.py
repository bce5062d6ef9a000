"""Plain text: one line per segment."""

from collections.abc import Iterable, Iterator

from transcriber.engine.results import Segment
from transcriber.formats.plain_text import clean_text
from transcriber.formats.selection import Selection
from transcriber.formats.speakers import announce_speakers
from transcriber.formats.timestamps import format_clock, to_milliseconds


def write_txt(segments: Iterable[Segment], selection: Selection) -> Iterator[str]:
    """Yield one line per segment that has printable text."""
    spoken = (segment for segment in segments if clean_text(segment.text))
    for segment in announce_speakers(spoken) if selection.speakers else spoken:
        clock = f"[{format_clock(to_milliseconds(segment.start))}] " if selection.timestamps else ""
        yield f"{clock}{clean_text(segment.text)}\n"
