"""What a document shows, as the plain values that its renderer gets: text and nothing else.

No renderer sees markup of ours with foreign text in it, so no text can be anything but text.
"""

import json
import re
from collections.abc import Iterator

from transcriber.engine.results import Segment, Transcript
from transcriber.formats.confidence import measure_confidence
from transcriber.formats.plain_text import clean_text
from transcriber.formats.selection import Selection
from transcriber.formats.speakers import name_speaker
from transcriber.formats.timestamps import format_clock, to_milliseconds

UNTITLED = "Transcript"
# Characters that XML 1.0 forbids beside the controls, and that no font shows.
_NONCHARACTERS = re.compile("[\ufdd0-\ufdef\ufffe\uffff]")
_SEPARATOR = " · "
_LANGUAGE = re.compile("[a-z]{2,3}")


def write_outline(transcript: Transcript, title: str, selection: Selection) -> Iterator[str]:
    """Yield the outline as JSON, a paragraph at a time: one for each segment that has text."""
    head = {
        "title": clean_paragraph(title) or UNTITLED,
        "language": _name_language(transcript.language.language),
        "facts": _list_facts(transcript),
    }
    yield json.dumps(head)[:-1] + ', "paragraphs": ['
    separator = ""
    for segment in transcript.segments:
        if text := clean_paragraph(segment.text):
            yield separator + json.dumps(_describe(segment, text, selection))
            separator = ","
    yield "]}"


def clean_paragraph(text: str) -> str:
    """Return the text as one line without any character that a document cannot hold."""
    return clean_text(_NONCHARACTERS.sub("", text))


def _describe(segment: Segment, text: str, selection: Selection) -> dict[str, str]:
    speaker = clean_paragraph(name_speaker(segment)) if selection.speakers else ""
    return {
        "lead": _SEPARATOR.join(_list_measures(segment, selection)),
        "speaker": f"{speaker}:" if speaker else "",
        "text": text,
    }


def _list_measures(segment: Segment, selection: Selection) -> Iterator[str]:
    if selection.timestamps:
        yield format_clock(to_milliseconds(segment.start))
    if selection.confidence:
        yield f"{measure_confidence(segment):.0%}"


def _list_facts(transcript: Transcript) -> str:
    # Values only: whatever the reader's language is, they need no translation.
    duration = format_clock(to_milliseconds(transcript.duration))
    facts = (duration, transcript.language.language, transcript.model)
    return _SEPARATOR.join(filter(None, map(clean_paragraph, facts)))


def _name_language(code: str) -> str:
    # ISO 639-2 has `und` for a language that is not known.
    return code if _LANGUAGE.fullmatch(code) else "und"
