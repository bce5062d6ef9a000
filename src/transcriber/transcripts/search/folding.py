"""Text as search compares it: in terms, without case, accents and punctuation.

Both databases index what comes out of here, so that they find the same.  Scripts that put no
spaces between words (Chinese, Japanese, Thai and others), and Korean, whose words carry their
endings, give a term for each character: a word of several is then found as a phrase, wherever it
stands.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache

MAX_TERM_LENGTH = 64
"""What follows in a longer word is not compared."""

_ASCII_WORD = re.compile("[0-9A-Za-z]+")
# Letters that people leave out the stroke of, though Unicode takes them for letters of their own.
_PLAIN = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ħ": "h", "ŧ": "t", "\u0131": "i", "æ": "ae", "œ": "oe"}
)
# Thai and Lao; Myanmar; leading jamo; Khmer; radicals.  Marks and numerals among ideographs; kana
# and Bopomofo.  More of them; ideographs; syllables; more Myanmar.  The same again, far behind.
_UNSPACED = (
    *((0x0E00, 0x0EFF), (0x1000, 0x109F), (0x1100, 0x115F), (0x1780, 0x17FF), (0x2E80, 0x2FDF)),
    *((0x3005, 0x3007), (0x3021, 0x3029), (0x3031, 0x3035), (0x303B, 0x303C), (0x3041, 0x312F)),
    *((0x31A0, 0x31BF), (0x31F0, 0x31FF), (0x3400, 0x9FFF), (0xAC00, 0xD7A3), (0xAA60, 0xAA7F)),
    *((0xF900, 0xFAFF), (0xFF66, 0xFF9D), (0x1AFF0, 0x1B16F), (0x20000, 0x3FFFF)),
)
# Vowels and endings of Korean syllables that are written in pieces; voice marks of half-width kana.
_CONTINUING = ((0x1160, 0x11FF), (0xFF9E, 0xFF9F))
_ZERO_WIDTH_SPACE = "\u200b"
# Combining classes of vowel points (Hebrew, Arabic, Syriac), and from here on of accents.  Those
# between belong to scripts whose marks are letters.
_POINTS = range(10, 37)
_FIRST_ACCENT = 200


@dataclass(frozen=True, slots=True)
class Term:
    """One term and the characters of the text that it stands for: from `start` up to `end`."""

    text: str
    start: int
    end: int


class _Kind(Enum):
    LETTER = "joins others of its kind"
    ALONE = "a term of its own"
    MARK = "belongs to what is before it"
    BREAK = "between terms"


def split_terms(text: str) -> Iterator[Term]:
    """The terms of a text, in order."""
    if text.isascii():
        for match in _ASCII_WORD.finditer(text):
            yield Term(match[0].lower()[:MAX_TERM_LENGTH], *match.span())
        return
    for start, end in _find_pieces(text):
        folded = _fold_piece(text[start:end])
        if folded:
            yield Term(folded, start, end)


def fold_name(name: str) -> str:
    """A name as lists compare and sort it: like terms, but with what is between them."""
    composed = _fold_characters(name)
    return " ".join("".join(each if each.isprintable() else " " for each in composed).split())


def _find_pieces(text: str) -> Iterator[tuple[int, int]]:
    begun: int | None = None
    before = _Kind.BREAK
    for place, character in enumerate(text):
        kind = _classify(character)
        if kind is _Kind.MARK:
            continue
        is_joined = kind is _Kind.LETTER and before is _Kind.LETTER
        if begun is not None and not is_joined:
            yield begun, place
            begun = None
        if begun is None and kind is not _Kind.BREAK:
            begun = place
        before = kind
    if begun is not None:
        yield begun, len(text)


@lru_cache(maxsize=4096)
def _classify(character: str) -> _Kind:
    code = ord(character)
    category = unicodedata.category(character)
    if category[0] == "M" or _is_within(code, _CONTINUING):
        return _Kind.MARK
    if category == "Cf" and character != _ZERO_WIDTH_SPACE:
        return _Kind.MARK
    if category[0] not in "LN":
        return _Kind.BREAK
    return _Kind.ALONE if _is_within(code, _UNSPACED) else _Kind.LETTER


def _is_within(code: int, ranges: tuple[tuple[int, int], ...]) -> bool:
    return any(first <= code <= last for first, last in ranges)


@lru_cache(maxsize=4096)
def _fold_piece(piece: str) -> str:
    # A fraction is made of more than digits, and a piece may hold what is invisible.
    kept = (each for each in _fold_characters(piece) if unicodedata.category(each)[0] in "LNM")
    return "".join(kept)[:MAX_TERM_LENGTH]


def _fold_characters(text: str) -> str:
    apart = unicodedata.normalize("NFKD", text.casefold()).translate(_PLAIN)
    bare = "".join(each for each in apart if not _is_accent(each))
    return unicodedata.normalize("NFKC", bare).casefold()


def _is_accent(character: str) -> bool:
    combining = unicodedata.combining(character)
    return combining >= _FIRST_ACCENT or combining in _POINTS
