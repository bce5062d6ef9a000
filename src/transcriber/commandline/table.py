"""Rows in columns, as plain text that pipes well."""

from collections.abc import Sequence


def align_columns(heading: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """Return the heading and the rows as lines whose columns line up, two spaces apart."""
    lines = [heading, *rows]
    widths = [max(len(line[column]) for line in lines) for column in range(len(heading))]
    return [
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    ]
