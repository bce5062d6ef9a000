"""Text made safe for a line-based file, and measured as it will look."""

import re
import unicodedata

# C0 and C1 controls that Python does not count as white space, and the byte order mark.
_UNSEEN = re.compile(r"[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ufeff]")
# Half a surrogate pair cannot be encoded in UTF-8, so it would make the whole export fail.
_SURROGATES = re.compile(r"[\ud800-\udfff]")


def replace_surrogates(text: str) -> str:
    """Return the text with each lone surrogate replaced by U+FFFD, so that it can be encoded."""
    return _SURROGATES.sub("\ufffd", text)


def clean_text(text: str) -> str:
    """Return the text as one printable line.

    Every run of white space, line and paragraph separators included, becomes one space; control
    characters go; lone surrogates become U+FFFD.
    """
    return " ".join(_UNSEEN.sub("", replace_surrogates(text)).split())


def measure_columns(text: str) -> int:
    """Return the width of the text in columns.

    A wide or fullwidth character (Unicode Standard Annex 11) takes two columns, a combining mark
    or format character none, any other one.
    """
    if text.isascii():
        return len(text)
    return sum(_measure_character(character) for character in text)


def joins_previous(character: str) -> bool:
    """Whether the character has no width of its own and belongs to the one before it."""
    return unicodedata.category(character) in {"Mn", "Me", "Cf"}


def _measure_character(character: str) -> int:
    if joins_previous(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in {"W", "F"} else 1
