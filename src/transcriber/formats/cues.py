"""Segments cut into subtitle cues: what fits on the screen at once, with settled times."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from transcriber.engine.results import Segment
from transcriber.formats.cue_splitting import split_into_cues
from transcriber.formats.cue_timing import settle_times
from transcriber.formats.line_wrapping import wrap_pieces
from transcriber.formats.pieces import split_segment
from transcriber.formats.subtitle_options import SubtitleOptions


@dataclass(frozen=True, slots=True)
class Cue:
    """One subtitle: times in milliseconds and its lines of plain, unescaped text.

    `speaker` is who says it, as plain as the text, or empty where that is not known.
    """

    start_ms: int
    end_ms: int
    lines: tuple[str, ...]
    speaker: str = ""


def build_cues(segments: Iterable[Segment], options: SubtitleOptions) -> Iterator[Cue]:
    """Cut segments into cues that keep the limits of `options`, lazily, one segment ahead.

    Cues are in order, never overlap and never run backwards, whatever the segments' times are.
    A segment without printable text gives no cue.
    """
    drafts = (
        draft
        for segment in segments
        for draft in split_into_cues(split_segment(segment, options.max_line_length), options)
    )
    for start_ms, end_ms, pieces in settle_times(drafts, options):
        lines = tuple(wrap_pieces(pieces, options.max_line_length))
        yield Cue(start_ms, end_ms, lines, pieces[0].speaker)
