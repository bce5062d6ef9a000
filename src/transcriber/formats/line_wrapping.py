"""Pieces laid out on lines of even length."""

from collections.abc import Iterator, Sequence

from transcriber.formats.break_rating import rate_break
from transcriber.formats.pieces import Piece, join_pieces
from transcriber.formats.plain_text import measure_columns


def wrap_pieces(pieces: Sequence[Piece], max_columns: int) -> list[str]:
    """Lay pieces out on the fewest lines, each at most `max_columns` wide.

    Two lines, the usual case, break after punctuation where that leaves them of like length, as
    the Netflix "Timed Text Style Guide: General Requirements" asks; more are made as even as
    they get, because even lines read faster than a full line over a single word.
    """
    lines = list(break_lines(pieces, max_columns))
    pair = 2
    if len(lines) == pair:
        lines = _divide_in_two(pieces, max_columns)
    elif len(lines) > pair:
        lines = _narrow_evenly(pieces, max_columns, len(lines))
    return [join_pieces(line) for line in lines]


def _divide_in_two(pieces: Sequence[Piece], max_columns: int) -> list[list[Piece]]:
    half = measure_columns(join_pieces(pieces)) / 2
    rated: list[tuple[float, int]] = []
    for cut in range(1, len(pieces)):
        width = measure_columns(join_pieces(pieces[:cut]))
        if max(width, measure_columns(join_pieces(pieces[cut:]))) <= max_columns:
            rated.append((rate_break(width, half, pieces[cut - 1].text), cut))
    _, best = min(rated)
    return [list(pieces[:best]), list(pieces[best:])]


def _narrow_evenly(pieces: Sequence[Piece], max_columns: int, count: int) -> list[list[Piece]]:
    low = max(measure_columns(piece.text) for piece in pieces)
    while low < max_columns:
        middle = (low + max_columns) // 2
        if len(list(break_lines(pieces, middle))) > count:
            low = middle + 1
        else:
            max_columns = middle
    return list(break_lines(pieces, max_columns))


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
