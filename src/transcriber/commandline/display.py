"""Names and times as a terminal may safely show them."""

import os
from pathlib import Path


def show_name(path: Path) -> str:
    """Return a file's path with everything that could move the cursor or mislead escaped.

    Control characters, direction overrides such as U+202E and bytes that are not UTF-8 show as
    their escapes.
    """
    return show_text(os.fsencode(path).decode("utf-8", "backslashreplace"))


def show_text(text: str) -> str:
    r"""Return text in which every unprintable character, line ends included, is its escape."""
    return "".join(
        character if character.isprintable() else _escape(character) for character in text
    )


def show_duration(seconds: float) -> str:
    """Return `M:SS`, or `H:MM:SS` from one hour on."""
    minutes, rest = divmod(max(0, round(seconds)), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"


def show_bytes(count: int) -> str:
    """Return a size with a binary unit (`142.1 MiB`)."""
    for power, unit in ((4, "TiB"), (3, "GiB"), (2, "MiB"), (1, "KiB")):
        if count >= 1024**power:
            return f"{count / 1024**power:.1f} {unit}"
    return f"{count} B"


def _escape(character: str) -> str:
    return character.encode("unicode_escape", "backslashreplace").decode()
