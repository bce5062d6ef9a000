"""SubRip (SRT), which has no escapes: what a player could read as markup is broken up instead."""

import re
from collections.abc import Iterable, Iterator

from transcriber.engine.results import Segment
from transcriber.formats.cues import build_cues
from transcriber.formats.subtitle_options import SubtitleOptions
from transcriber.formats.timestamps import WORD_JOINER, break_timestamps, format_timestamp

# An arrow, and the start of a tag (`<b>`) or of a style override (`{\an8}`).
_MARKUP = re.compile(r"(?<=--)(?=>)|(?<=<)(?=\s*[/!?A-Za-z])|(?<=\{)(?=\\)")


def write_srt(segments: Iterable[Segment], subtitle: SubtitleOptions) -> Iterator[str]:
    """Yield the file cue by cue, as segments arrive."""
    for number, cue in enumerate(build_cues(segments, subtitle), start=1):
        start = format_timestamp(cue.start_ms, ",")
        end = format_timestamp(cue.end_ms, ",")
        text = break_markup("\n".join(cue.lines))
        yield f"{number}\n{start} --> {end}\n{text}\n\n"


def break_markup(text: str) -> str:
    """Return text that shows the same and in which no SRT reader finds a cue or a tag."""
    return _MARKUP.sub(WORD_JOINER, break_timestamps(text))
