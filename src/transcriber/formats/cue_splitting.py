"""A segment's pieces divided into cues, at the ends of sentences and clauses where it can be."""

from collections.abc import Iterator
from math import ceil

from transcriber.formats.break_rating import rate_break
from transcriber.formats.line_wrapping import break_lines
from transcriber.formats.pieces import Piece, join_pieces
from transcriber.formats.plain_text import measure_columns
from transcriber.formats.subtitle_options import SubtitleOptions


def split_into_cues(pieces: list[Piece], options: SubtitleOptions) -> Iterator[list[Piece]]:
    """Divide pieces into the runs that each make one cue, none empty.

    Each run fits the lines and lasts at most the longest cue, unless it is a single piece.
    """
    # Two cues' worth decide each cut, so that a text of any length is divided in linear time.
    horizon = 2 * (options.max_line_length * options.max_line_count + 1)
    start = 0
    while start < len(pieces):
        cut = _choose_cut(pieces[start : start + horizon], options)
        yield pieces[start : start + cut]
        start += cut


def _choose_cut(pieces: list[Piece], options: SubtitleOptions) -> int:
    fitting = _count_fitting(pieces, options)
    if fitting == len(pieces):
        return fitting
    total = measure_columns(join_pieces(pieces))
    share = total / ceil(total / max(1, measure_columns(join_pieces(pieces[:fitting]))))

    def rate(cut: int) -> float:
        return rate_break(measure_columns(join_pieces(pieces[:cut])), share, pieces[cut - 1].text)

    return min(range(1, fitting + 1), key=rate)


def _count_fitting(pieces: list[Piece], options: SubtitleOptions) -> int:
    latest = pieces[0].start_ms + round(options.max_cue_seconds * 1000)
    count = 0
    for number, line in enumerate(break_lines(pieces, options.max_line_length)):
        if number == options.max_line_count:
            break
        for piece in line:
            if count and piece.end_ms > latest:
                return count
            count += 1
    return count
