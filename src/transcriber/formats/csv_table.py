"""Comma-separated values (RFC 4180) for spreadsheets, in which no text becomes a formula.

The byte order mark is what makes spreadsheets read UTF-8; every cell is quoted, because some of
them guess at the separator.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator

from transcriber.engine.results import Segment
from transcriber.formats.rows import build_rows, list_columns
from transcriber.formats.selection import Selection

BYTE_ORDER_MARK = "\ufeff"
# What begins a formula, with the fullwidth forms that some spreadsheets take for the same; and a
# semicolon before it, since where the comma is the decimal mark the semicolon parts the cells.
_FORMULA = re.compile(r"(?:(?<=;)|^)(?=[\s\"']*[=+\-@\uff1d\uff0b\uff0d\uff20])")
_NEUTRAL = "'"


def write_csv(segments: Iterable[Segment], selection: Selection) -> Iterator[str]:
    """Yield the heading and then the rows, ended by CRLF as the RFC asks."""
    yield BYTE_ORDER_MARK + _write_row(list_columns(selection))
    for cells in build_rows(segments, selection):
        yield _write_row([neutralize_formulas(cell) for cell in cells])


def neutralize_formulas(text: str) -> str:
    """Return the text with an apostrophe where a spreadsheet would find the start of a formula."""
    return _FORMULA.sub(_NEUTRAL, text)


def _write_row(cells: list[str]) -> str:
    line = io.StringIO()
    csv.writer(line, quoting=csv.QUOTE_ALL).writerow(cells)
    return line.getvalue()
