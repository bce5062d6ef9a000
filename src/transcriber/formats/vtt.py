"""WebVTT (W3C), with the text escaped as its cue payload asks."""

from collections.abc import Iterable, Iterator

from transcriber.engine.results import Segment
from transcriber.formats.cues import build_cues
from transcriber.formats.selection import Selection
from transcriber.formats.timestamps import break_timestamps, format_timestamp


def write_vtt(segments: Iterable[Segment], selection: Selection) -> Iterator[str]:
    """Yield the header and then the file cue by cue, as segments arrive."""
    yield "WEBVTT\n\n"
    for cue in build_cues(segments, selection.subtitle):
        start = format_timestamp(cue.start_ms, ".")
        end = format_timestamp(cue.end_ms, ".")
        payload = escape_payload("\n".join(cue.lines))
        if selection.speakers and cue.speaker:
            payload = f"<v {escape_payload(cue.speaker)}>{payload}</v>"
        yield f"{start} --> {end}\n{payload}\n\n"


def escape_payload(text: str) -> str:
    """Return text in which `<`, `>` and `&` are character references, so that none is a tag."""
    return break_timestamps(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
