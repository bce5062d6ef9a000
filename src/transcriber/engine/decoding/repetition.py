"""Repetition loops: the failure in which Whisper writes one phrase over and over."""

from collections.abc import Sequence
from itertools import pairwise

LONGEST_PHRASE = 8
"""Loops seen in practice repeat a phrase of one to eight words; longer ones compress so well
that the compression ratio finds them."""

MOST_SINGLE_REPEATS = 8
"""People say one word or sound this often in a row; more is a loop."""

MOST_PHRASE_REPEATS = 4
"""The same for a phrase of two words or more."""

MOST_EQUAL_PASSAGES = 3
"""As many passages of the same text in a row are believed; the next are a loop."""


def is_loop(text: str) -> bool:
    """Say whether a text repeats one phrase so often in a row that nobody said it."""
    units = _split_units(text)
    return any(
        _count_repeats(units, size) > (MOST_SINGLE_REPEATS if size == 1 else MOST_PHRASE_REPEATS)
        for size in range(1, LONGEST_PHRASE + 1)
    )


def _split_units(text: str) -> list[str]:
    words = normalise(text).split()
    # Languages written without spaces give one enormous "word": their characters repeat.
    return words if len(words) > 1 else list("".join(words))


def normalise(text: str) -> str:
    """Return the text without case and punctuation, for comparing what was said."""
    kept = (character if character.isalnum() else " " for character in text.casefold())
    return " ".join("".join(kept).split())


def _count_repeats(units: Sequence[str], size: int) -> int:
    """Return how often the most repeated phrase of `size` units follows itself, itself included."""
    most = current = 0
    for left, right in pairwise(range(len(units))):
        del left
        same = right >= size and units[right] == units[right - size]
        current = current + 1 if same else 0
        most = max(most, current)
    return most // size + 1


def mark_repeats(texts: Sequence[str], before: Sequence[str]) -> list[bool]:
    """Say for each passage in turn whether it continues a loop.

    Args:
        texts: The passages of a window.
        before: The passages kept before them.

    Returns:
        True where the text is a loop of its own, or equals all of the last three passages.
    """
    recent = [normalise(text) for text in before[-MOST_EQUAL_PASSAGES:]]
    marks: list[bool] = []
    for text in texts:
        plain = normalise(text)
        last = recent[-MOST_EQUAL_PASSAGES:]
        repeats = len(last) == MOST_EQUAL_PASSAGES and all(plain == other for other in last)
        marks.append(is_loop(text) or (repeats and bool(plain)))
        recent.append(plain)
    return marks


def repeats_end(text: str, before: str) -> bool:
    """Say whether a text is nothing but the last words of the one before it."""
    end, whole = normalise(text), normalise(before)
    # Without spaces, as in Chinese, any end is one; with them it begins with a word.
    return bool(end) and (f" {whole}".endswith(f" {end}") or _is_unspaced_end(end, whole))


def _is_unspaced_end(end: str, whole: str) -> bool:
    return " " not in whole and not whole.isascii() and whole.endswith(end)
