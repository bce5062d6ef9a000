"""SubRip (SRT), which has no escapes: what a player could read as markup is broken up instead."""

import re
from collections.abc import Iterable, Iterator

from transcriber.engine.results import Segment
from transcriber.formats.cues import build_cues
from transcriber.formats.selection import Selection
from transcriber.formats.speakers import announce_speakers
from transcriber.formats.timestamps import WORD_JOINER, break_timestamps, format_timestamp

# An arrow, and the start of a tag (`<b>`) or of a style override (`{\an8}`).
_MARKUP = re.compile(r"(?<=--)(?=>)|(?<=<)(?=\s*[/!?A-Za-z])|(?<=\{)(?=\\)")


def write_srt(segments: Iterable[Segment], selection: Selection) -> Iterator[str]:
    """Yield the file cue by cue, as segments arrive; a speaker's name is part of the text."""
    shown = announce_speakers(segments) if selection.speakers else segments
    for number, cue in enumerate(build_cues(shown, selection.subtitle), start=1):
        start = format_timestamp(cue.start_ms, ",")
        end = format_timestamp(cue.end_ms, ",")
        text = break_markup("\n".join(cue.lines))
        yield f"{number}\n{start} --> {end}\n{text}\n\n"


def break_markup(text: str) -> str:
    """Return text that shows the same and in which no SRT reader finds a cue or a tag."""
    return _MARKUP.sub(WORD_JOINER, break_timestamps(text))
