r"""Tab-separated values as openai-whisper writes them: whole milliseconds and the text.

Tabs, line ends and other control characters in the text become spaces, so a row is always a line.
Programs read it, so the text stays what was said; csv is the table for spreadsheets.
"""

from collections.abc import Iterable, Iterator

from transcriber.engine.results import Segment
from transcriber.formats.rows import build_rows, list_columns
from transcriber.formats.selection import Selection


def write_tsv(segments: Iterable[Segment], selection: Selection) -> Iterator[str]:
    """Yield the heading (`start`, `end`, what was asked for, `text`) and then the rows."""
    yield "\t".join(list_columns(selection)) + "\n"
    for cells in build_rows(segments, selection):
        yield "\t".join(cells) + "\n"
