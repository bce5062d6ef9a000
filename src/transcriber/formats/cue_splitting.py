"""A segment's pieces divided into cues, at the ends of sentences and clauses where it can be."""

from collections.abc import Iterator
from math import ceil

from transcriber.formats.line_wrapping import break_lines
from transcriber.formats.pieces import Piece, join_pieces
from transcriber.formats.plain_text import measure_columns
from transcriber.formats.subtitle_options import SubtitleOptions

_CLOSERS = "\"'”’»)]）」』"  # noqa: RUF001 - closing marks of many scripts, on purpose.
_SENTENCE_ENDS = tuple(".?!…。！？｡؟।")  # noqa: RUF001 - the full stops of other scripts, on purpose.
_CLAUSE_ENDS = tuple(",;:—–、，；：،")  # noqa: RUF001 - the commas of other scripts, on purpose.

# How far from the even share a cut may lie to end a sentence or a clause, as a part of the share:
# chosen by reading cuts of real transcripts, so that no cue holds a lone word.
_SENTENCE_BONUS = 0.6
_CLAUSE_BONUS = 0.3


def split_into_cues(pieces: list[Piece], options: SubtitleOptions) -> Iterator[list[Piece]]:
    """Divide pieces into the runs that each make one cue, none empty.

    Each run fits the lines and lasts at most the longest cue, unless it is a single piece.
    """
    while pieces:
        cut = _choose_cut(pieces, options)
        yield pieces[:cut]
        pieces = pieces[cut:]


def _choose_cut(pieces: list[Piece], options: SubtitleOptions) -> int:
    fitting = _count_fitting(pieces, options)
    if fitting == len(pieces):
        return fitting
    total = measure_columns(join_pieces(pieces))
    share = total / ceil(total / max(1, measure_columns(join_pieces(pieces[:fitting]))))

    def rate(cut: int) -> float:
        distance = abs(measure_columns(join_pieces(pieces[:cut])) - share) / share
        return distance - _rate_ending(pieces[cut - 1].text)

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


def _rate_ending(text: str) -> float:
    bare = text.rstrip(_CLOSERS)
    if bare.endswith(_SENTENCE_ENDS):
        return _SENTENCE_BONUS
    return _CLAUSE_BONUS if bare.endswith(_CLAUSE_ENDS) else 0.0
