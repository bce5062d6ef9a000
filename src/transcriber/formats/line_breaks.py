"""Where a line of text may break: at spaces, and between the characters of scripts without them."""

import unicodedata
from itertools import pairwise

from transcriber.formats.plain_text import joins_previous, measure_columns

# Japanese typesetting (JIS X 4051) keeps these from the start of a line.
_SMALL_KANA = frozenset("ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶ")
_NEVER_FIRST = frozenset({"Pe", "Pf", "Po", "Lm"})
_NEVER_LAST = frozenset({"Ps", "Pi"})
_HANGUL = ("HANGUL",)


def can_break_between(before: str, after: str) -> bool:
    """Whether a line may break between two adjacent characters that no space separates.

    Only wide characters allow it (Chinese, Japanese), and then not before closing punctuation,
    small kana or a combining mark, nor after an opening bracket.  Korean breaks at its spaces.
    """
    if joins_previous(after) or after in _SMALL_KANA:
        return False
    if unicodedata.category(after) in _NEVER_FIRST or unicodedata.category(before) in _NEVER_LAST:
        return False
    return _is_ideographic(before) or _is_ideographic(after)


def split_at_breaks(word: str) -> list[str]:
    """Split a text without spaces at every place where a line may break."""
    if word.isascii():
        return [word]
    parts = [word[0]]
    for before, after in pairwise(word):
        if can_break_between(before, after):
            parts.append(after)
        else:
            parts[-1] += after
    return parts


def chop_text(text: str, max_columns: int) -> list[str]:
    """Cut a text that offers no break into parts of at most `max_columns` columns each."""
    parts: list[str] = []
    columns = max_columns
    for character in text:
        width = measure_columns(character)
        if columns + width > max_columns or not parts:
            parts.append(character)
            columns = width
        else:
            parts[-1] += character
            columns += width
    return parts


def _is_ideographic(character: str) -> bool:
    if unicodedata.east_asian_width(character) not in {"W", "F"}:
        return False
    return not unicodedata.name(character, "").startswith(_HANGUL)
