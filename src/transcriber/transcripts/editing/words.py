"""Times of words in a corrected text: those that were heard keep theirs, others come between."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise

from transcriber.engine.results import Word
from transcriber.transcripts.editing.text import is_unspaced

WRITTEN_PROBABILITY = 1.0
"""Of a word that a person wrote: nobody is surer of it."""
MAX_COMPARISONS = 200_000_000
"""Each takes a bit: two of the longest segments, or an hour of speech beside another."""

# A word with the space in front of it, one sign, or one character of a script without spaces.
_ATOM = re.compile(r"\s*(?:[^\W_]+|\S)")


@dataclass(slots=True)
class _Draft:
    """A word of the new text; `heard` is the word it was, None where somebody wrote it."""

    text: str
    heard: Word | None


def align_words(words: Sequence[Word], text: str, start: float, end: float) -> tuple[Word, ...]:
    """The words of `text` in a segment from `start` to `end` that had `words`.

    A word whose letters did not change keeps its times and its probability, whatever signs were
    put around it.  The others share the time between their neighbours by their length.
    """
    if not words:
        return ()
    lead = " " if words[0].word[:1].isspace() and not is_unspaced(text[0]) else ""
    drafts = _build_drafts(words, lead + text)
    return tuple(_time(drafts, start, end))


def spread_words(text: str, start: float, end: float) -> tuple[Word, ...]:
    """The words of a text of which none was heard."""
    return align_words((Word(start, start, " ", WRITTEN_PROBABILITY),), text, start, end)


def split_atoms(text: str) -> list[str]:
    """The smallest pieces that a correction changes or leaves: words, signs, ideographs."""
    atoms: list[str] = []
    for match in _ATOM.finditer(text):
        atoms.extend(_split_unspaced(match[0]))
    return atoms


def match_atoms(old: Sequence[str], new: Sequence[str]) -> dict[int, int]:
    """Which piece of `new` (its place) is which of `old`, in a longest common subsequence.

    None at all where both are so long that to find it would take more memory than it is worth.
    """
    if len(old) * len(new) > MAX_COMPARISONS:
        return {}
    # Bit-parallel: a hostile text of ten thousand pieces costs what a harmless one does.
    from rapidfuzz.distance import LCSseq  # noqa: PLC0415 -- megabytes, and only edits need it

    matched: dict[int, int] = {}
    for code in LCSseq.opcodes(old, new):
        if code.tag == "equal":
            matched.update(
                zip(
                    range(code.dest_start, code.dest_end),
                    range(code.src_start, code.src_end),
                    strict=True,
                )
            )
    return matched


def _split_unspaced(atom: str) -> Iterator[str]:
    piece = ""
    for character in atom:
        if piece.strip() and (is_unspaced(character) or is_unspaced(piece[-1])):
            yield piece
            piece = ""
        piece += character
    yield piece


def _build_drafts(words: Sequence[Word], text: str) -> list[_Draft]:
    old = [(atom, place) for place, word in enumerate(words) for atom in split_atoms(word.word)]
    new = split_atoms(text)
    matched = match_atoms([atom for atom, _ in old], new)
    places = [place for _, place in old]
    letters = Counter(place for atom, place in old if _is_letters(atom))
    owners = [places[matched[i]] if i in matched else None for i in range(len(new))]
    begins = {i for i, place in enumerate(places) if i == 0 or places[i - 1] != place}
    starts = [
        i
        for i, atom in enumerate(new)
        if i == 0
        or atom[0].isspace()
        or matched.get(i) in begins
        or (is_unspaced(atom[0]) and (owners[i] is None or owners[i] != owners[i - 1]))
    ]
    return [
        _build_draft(words, new[first:last], owners[first:last], letters)
        for first, last in pairwise([*starts, len(new)])
    ]


def _build_draft(
    words: Sequence[Word],
    atoms: Sequence[str],
    owners: Sequence[int | None],
    letters: Mapping[int, int],
) -> _Draft:
    spoken = [owner for atom, owner in zip(atoms, owners, strict=True) if _is_letters(atom)]
    sources = set(spoken or owners)
    source = sources.pop()
    is_heard = source is not None and not sources and len(spoken) == letters.get(source, 0)
    return _Draft("".join(atoms), words[source] if source is not None and is_heard else None)


def _is_letters(atom: str) -> bool:
    # A mark that stands after a letter is a part of the word as the letter is.
    return atom[-1].isalnum() or unicodedata.category(atom[-1]).startswith("M")


def _time(drafts: Sequence[_Draft], start: float, end: float) -> Iterator[Word]:
    low, position = start, 0
    for is_heard, group in groupby(drafts, key=lambda draft: draft.heard is not None):
        run = list(group)
        position += len(run)
        if is_heard:
            for draft in run:
                if draft.heard is not None:
                    low = draft.heard.end
                    yield replace(draft.heard, word=draft.text)
            continue
        following = drafts[position].heard if position < len(drafts) else None
        high = max(low, end if following is None else following.start)
        yield from _share(run, low, high)


def _share(run: Sequence[_Draft], low: float, high: float) -> Iterator[Word]:
    total = sum(len(draft.text) for draft in run)
    done = 0
    for draft in run:
        begin = low + (high - low) * done / total
        done += len(draft.text)
        finish = low + (high - low) * done / total
        yield Word(round(begin, 3), round(finish, 3), draft.text, WRITTEN_PROBABILITY)
