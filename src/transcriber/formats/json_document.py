"""Everything the engine knows about a transcript, as one JSON document (see docs/formats.md).

`text`, `language` and `segments` keep openai-whisper's names, so that its readers work unchanged.
"""

import json
import math
from collections.abc import Iterator
from dataclasses import asdict
from typing import TypedDict

from transcriber.engine.results import Segment, Transcript
from transcriber.formats.plain_text import replace_surrogates
from transcriber.formats.selection import Selection

SCHEMA_VERSION = 1

# What says how sure the engine was; the last one is a word's.
MEASURES = (
    *("avg_logprob", "no_speech_prob", "compression_ratio", "temperature"),
    "probability",
)

JsonValue = None | bool | int | float | str | list["JsonValue"] | dict[str, "JsonValue"]


class TranscriptDocument(TypedDict):
    """The document's first level, in its order; times are seconds."""

    schema_version: int
    model: str
    task: str
    language: str
    language_probability: JsonValue
    duration: JsonValue
    text: str
    segments: list[JsonValue]
    dropped: list[JsonValue]


def write_json(transcript: Transcript, selection: Selection) -> Iterator[str]:
    """Yield the document, two spaces deep, ended by a line end."""
    document = build_document(transcript, selection)
    yield from json.JSONEncoder(ensure_ascii=False, allow_nan=False, indent=2).iterencode(document)
    yield "\n"


def build_document(transcript: Transcript, selection: Selection) -> TranscriptDocument:
    """Return the document as plain values; a measure that is not a finite number becomes null."""
    left_out = _list_left_out(selection)
    return {
        "schema_version": SCHEMA_VERSION,
        "model": replace_surrogates(transcript.model),
        "task": transcript.task,
        "language": transcript.language.language,
        "language_probability": _plain(transcript.language.probability),
        "duration": _plain(transcript.duration),
        "text": replace_surrogates(" ".join(s.text for s in transcript.segments if s.text)),
        "segments": [_number(index, s, left_out) for index, s in enumerate(transcript.segments)],
        "dropped": [_plain(asdict(passage)) for passage in transcript.dropped],
    }


def _list_left_out(selection: Selection) -> frozenset[str]:
    shown = {
        "speaker": selection.speakers,
        "words": selection.words,
        **dict.fromkeys(MEASURES, selection.confidence),
    }
    return frozenset(name for name, is_shown in shown.items() if not is_shown)


def _number(index: int, segment: Segment, left_out: frozenset[str]) -> JsonValue:
    return {"id": index, **_pick(asdict(segment), left_out)}


def _pick(values: dict[str, object], left_out: frozenset[str]) -> dict[str, JsonValue]:
    return {
        key: [_pick(word, left_out) for word in value]  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType] - asdict() gives no types.
        if key == "words" and isinstance(value, tuple)
        else _plain(value)
        for key, value in values.items()
        if key not in left_out
    }


def _plain(value: object) -> JsonValue:
    match value:
        case float():
            return value if math.isfinite(value) else None
        case str():
            return replace_surrogates(value)
        case dict():
            return {str(key): _plain(item) for key, item in value.items()}  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType] - asdict() gives no types.
        case list() | tuple():
            return [_plain(item) for item in value]  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType] - asdict() gives no types.
        case None | bool() | int():
            return value
        case _:
            raise TypeError(f"A transcript holds no {type(value).__name__}.")
