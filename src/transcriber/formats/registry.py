"""The formats by name, and the one function that writes any of them."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from transcriber.engine.errors import OptionsError
from transcriber.engine.results import Segment, Transcript
from transcriber.formats.json_document import write_json
from transcriber.formats.srt import write_srt
from transcriber.formats.subtitle_options import SubtitleOptions
from transcriber.formats.tsv import write_tsv
from transcriber.formats.txt import write_txt
from transcriber.formats.vtt import write_vtt

DEFAULT_SUBTITLE = SubtitleOptions()


@dataclass(frozen=True, slots=True)
class Format:
    """One export format.

    Attributes:
        name: What users ask for; also the key in `FORMATS`.
        media_type: As sent in Content-Type.
        extension: With its dot.
        render: Yields the file in parts; joined they are the whole file, in UTF-8 without a mark.
        stream: The same from segments as they arrive, or None where the whole result is needed.
    """

    name: str
    media_type: str
    extension: str
    render: Callable[[Transcript, SubtitleOptions], Iterator[str]]
    stream: Callable[[Iterable[Segment], SubtitleOptions], Iterator[str]] | None = None


def _from_segments(
    name: str,
    media_type: str,
    write: Callable[[Iterable[Segment], SubtitleOptions], Iterator[str]],
) -> Format:
    def render(transcript: Transcript, subtitle: SubtitleOptions) -> Iterator[str]:
        return write(transcript.segments, subtitle)

    return Format(name, media_type, f".{name}", render, write)


FORMATS: dict[str, Format] = {
    each.name: each
    for each in (
        _from_segments("txt", "text/plain; charset=utf-8", lambda parts, _: write_txt(parts)),
        _from_segments("srt", "application/x-subrip; charset=utf-8", write_srt),
        _from_segments("vtt", "text/vtt; charset=utf-8", write_vtt),
        _from_segments(
            "tsv", "text/tab-separated-values; charset=utf-8", lambda parts, _: write_tsv(parts)
        ),
        Format("json", "application/json", ".json", lambda whole, _: write_json(whole)),
    )
}


def find_format(name: str) -> Format:
    """Return the format of that name.

    Raises:
        OptionsError: when there is none, naming those that exist.
    """
    try:
        return FORMATS[name]
    except KeyError:
        raise OptionsError(f"format must be one of {', '.join(FORMATS)}, not {name!r}.") from None


def render_transcript(
    transcript: Transcript, format_name: str, subtitle: SubtitleOptions = DEFAULT_SUBTITLE
) -> str:
    """Return the whole transcript in one format.

    Args:
        transcript: What the engine gave, or an edited revision of it.
        format_name: A key of `FORMATS`.
        subtitle: Limits for srt and vtt; the other formats ignore them.

    Raises:
        OptionsError: when there is no such format.
    """
    return "".join(find_format(format_name).render(transcript, subtitle))
