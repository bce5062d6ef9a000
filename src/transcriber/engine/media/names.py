"""How a file is named in a message: its name alone, short, and harmless on any terminal."""

from pathlib import Path

MAX_SHOWN_CHARACTERS = 80


def show_file_name(path: Path) -> str:
    r"""Return the last part of `path` with everything unprintable escaped.

    Control characters, text-direction overrides and undecodable bytes appear as `\\x1b`,
    `\\u202e` and `\\udc80`, so a message cannot rewrite the line it stands on.
    """
    name = path.name or str(path)
    shown = "".join(c if c.isprintable() else ascii(c)[1:-1] for c in name)
    if len(shown) > MAX_SHOWN_CHARACTERS:
        return shown[: MAX_SHOWN_CHARACTERS - 1] + "…"
    return shown
