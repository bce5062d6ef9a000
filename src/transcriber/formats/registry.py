"""The formats by name, and the one function that writes any of those that are text."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeVar

from transcriber.engine.errors import OptionsError
from transcriber.engine.results import Segment, Transcript
from transcriber.formats.csv_table import write_csv
from transcriber.formats.file_kind import FileKind
from transcriber.formats.json_document import write_json
from transcriber.formats.selection import ExportOptions, Selection
from transcriber.formats.srt import write_srt
from transcriber.formats.subtitle_options import SubtitleOptions
from transcriber.formats.tsv import write_tsv
from transcriber.formats.txt import write_txt
from transcriber.formats.vtt import write_vtt

DEFAULT_SUBTITLE = SubtitleOptions()

Kind = TypeVar("Kind", bound=FileKind)

_TIMED = Selection(timestamps=True)
_SPEAKERS = frozenset({"speakers"})
_TABLE = frozenset({"speakers", "words", "confidence"})
_PAGES = frozenset({"speakers", "confidence", "timestamps"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Format(FileKind):
    """A format that is text, written in this process.

    Attributes:
        render: Yields the file in parts; joined they are the whole file, to be encoded in UTF-8.
        stream: The same from segments as they arrive, or None where the whole result is needed.
    """

    render: Callable[[Transcript, Selection], Iterator[str]]
    stream: Callable[[Iterable[Segment], Selection], Iterator[str]] | None = None


def _from_segments(
    name: str,
    media_type: str,
    write: Callable[[Iterable[Segment], Selection], Iterator[str]],
    usual: Selection,
    choices: frozenset[str],
) -> Format:
    def render(transcript: Transcript, selection: Selection) -> Iterator[str]:
        return write(transcript.segments, selection)

    return Format(
        name=name,
        media_type=f"{media_type}; charset=utf-8",
        extension=f".{name}",
        usual=usual,
        choices=choices,
        render=render,
        stream=write,
    )


FORMATS: dict[str, Format] = {
    each.name: each
    for each in (
        _from_segments(
            "txt", "text/plain", write_txt, Selection(), frozenset({"speakers", "timestamps"})
        ),
        _from_segments("srt", "application/x-subrip", write_srt, _TIMED, _SPEAKERS),
        _from_segments("vtt", "text/vtt", write_vtt, _TIMED, _SPEAKERS),
        _from_segments("tsv", "text/tab-separated-values", write_tsv, _TIMED, _TABLE),
        _from_segments(
            "csv", "text/csv", write_csv, Selection(speakers=True, timestamps=True), _TABLE
        ),
        Format(
            name="json",
            media_type="application/json",
            extension=".json",
            usual=Selection(speakers=True, words=True, confidence=True, timestamps=True),
            choices=_TABLE,
            render=write_json,
        ),
    )
}
"""What is text, by name."""

DOCUMENTS: dict[str, FileKind] = {
    name: FileKind(
        name=name,
        media_type=media_type,
        extension=f".{name}",
        usual=Selection(speakers=True, timestamps=True),
        choices=_PAGES,
    )
    for name, media_type in (
        ("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("pdf", "application/pdf"),
    )
}
"""What has pages, by name: rendered by `transcriber.formats.documents`, in a process of its own."""

KINDS: dict[str, FileKind] = {**FORMATS, **DOCUMENTS}


def find_kind(name: str) -> FileKind:
    """Return the format of that name, text or not.

    Raises:
        OptionsError: when there is none, naming those that exist.
    """
    return _find(KINDS, name)


def find_format(name: str) -> Format:
    """Return the text format of that name.

    Raises:
        OptionsError: when there is none, naming those that exist.
    """
    return _find(FORMATS, name)


def render_transcript(
    transcript: Transcript,
    format_name: str,
    subtitle: SubtitleOptions = DEFAULT_SUBTITLE,
    *,
    options: ExportOptions | None = None,
) -> str:
    """Return the whole transcript in one text format.

    Args:
        transcript: What the engine gave, or an edited revision of it.
        format_name: A key of `FORMATS`.
        subtitle: Limits for srt and vtt; the other formats ignore them.
        options: What the file shall show, limits included; it stands in for `subtitle`.

    Raises:
        OptionsError: when there is no such format, or it cannot show what is asked for.
    """
    chosen = find_format(format_name)
    selection = chosen.settle(options or ExportOptions(subtitle=subtitle))
    return "".join(chosen.render(transcript, selection))


def _find(kinds: Mapping[str, Kind], name: str) -> Kind:
    try:
        return kinds[name]
    except KeyError:
        raise OptionsError(f"format must be one of {', '.join(kinds)}, not {name!r}.") from None
