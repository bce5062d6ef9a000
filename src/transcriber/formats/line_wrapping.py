"""Pieces laid out on lines of even length."""

from collections.abc import Iterator, Sequence

from transcriber.formats.pieces import Piece, join_pieces
from transcriber.formats.plain_text import measure_columns


def wrap_pieces(pieces: Sequence[Piece], max_columns: int) -> list[str]:
    """Lay pieces out on the fewest lines, each at most `max_columns` wide, as even as they get.

    Even lines read faster than a full line over a single word, so the width is narrowed as long
    as the number of lines stays the same.
    """
    best = list(break_lines(pieces, max_columns))
    low = max(measure_columns(piece.text) for piece in pieces)
    while low < max_columns and len(best) > 1:
        middle = (low + max_columns) // 2
        lines = list(break_lines(pieces, middle))
        if len(lines) > len(best):
            low = middle + 1
        else:
            best, max_columns = lines, middle
    return [join_pieces(line) for line in best]


def break_lines(pieces: Sequence[Piece], max_columns: int) -> Iterator[list[Piece]]:
    """Fill lines from the left; only a piece wider than `max_columns` makes a wider line."""
    line: list[Piece] = []
    columns = 0
    for piece in pieces:
        width = measure_columns(piece.text)
        space = 1 if piece.is_spaced and line else 0
        if line and columns + space + width > max_columns:
            yield line
            line, columns, space = [], 0, 0
        line.append(piece)
        columns += space + width
    if line:
        yield line
