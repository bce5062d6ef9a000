"""What people type into the search field, read so that everything they type means something.

Words must all be there; `"several words"` stand together; `begin*` finds what begins so; `-word`
must not be there; `one OR other` is content with either.  All else is text.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from transcriber.infra.errors import InvalidError
from transcriber.transcripts.search.folding import split_terms

MAX_TERMS = 32
MIN_BEGINNING = 2
"""A single letter begins a large part of all words."""

_CHUNK = re.compile(r'(?P<sign>-?)(?:"(?P<quoted>[^"]*)"(?P<star>\*?)|(?P<plain>[^\s"]+))')
_QUOTES = str.maketrans("\u201c\u201d\u201e\u00ab\u00bb\u300c\u300d", '"' * 7)
_OR = "OR"


@dataclass(frozen=True, slots=True)
class Phrase:
    """Terms that stand side by side; the last is the beginning of one where `is_beginning`."""

    terms: tuple[str, ...]
    is_beginning: bool = False

    def find(self, words: Sequence[str]) -> Iterator[range]:
        """The places among a text's terms where the phrase stands."""
        *whole, last = self.terms
        for place in range(len(words) - len(whole)):
            end = place + len(whole)
            candidate = words[end]
            is_last = candidate.startswith(last) if self.is_beginning else candidate == last
            if is_last and list(words[place:end]) == whole:
                yield range(place, end + 1)


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """A question to the index.

    Attributes:
        required: One phrase of each group must be there.
        excluded: None of these may be.
    """

    required: tuple[tuple[Phrase, ...], ...]
    excluded: tuple[Phrase, ...] = ()


def parse_query(text: str) -> SearchQuery:
    """Read what somebody typed.

    Raises:
        InvalidError: when there is nothing to look for, or too much.
    """
    groups: list[list[Phrase]] = []
    excluded: list[Phrase] = []
    is_open = is_joining = False
    chunks = list(_CHUNK.finditer(text.translate(_QUOTES)))
    for number, chunk in enumerate(chunks):
        if chunk[0] == _OR and is_open and _is_positive(chunks[number + 1 : number + 2]):
            is_joining = True
            continue
        phrase = _read_phrase(chunk)
        if phrase is None:
            continue
        if chunk["sign"]:
            excluded.append(phrase)
        elif is_joining:
            groups[-1].append(phrase)
        else:
            groups.append([phrase])
        is_open, is_joining = not chunk["sign"], False
    query = SearchQuery(tuple(tuple(group) for group in groups), tuple(excluded))
    _check_size(query)
    return query


def _is_positive(following: Sequence[re.Match[str]]) -> bool:
    """Whether something to look for follows; an `OR` without it is a word as others."""
    return any(not each["sign"] and any(split_terms(each[0])) for each in following)


def _read_phrase(chunk: re.Match[str]) -> Phrase | None:
    text = chunk["plain"] if chunk["quoted"] is None else chunk["quoted"] + chunk["star"]
    found = list(split_terms(text))
    if not found:
        return None
    # A star behind anything but a word is punctuation.
    is_beginning = text[found[-1].end :] == "*"
    terms = tuple(each.text for each in found)
    last = text[found[-1].start : found[-1].end]
    if is_beginning and len(terms[-1]) < MIN_BEGINNING:
        if last.isascii():
            raise InvalidError(
                f"The beginning of a word needs {MIN_BEGINNING} letters or more before the *.",
                code="beginning_too_short",
            )
        # Of a script whose every character is a term: it begins itself alone.
        is_beginning = False
    return Phrase(terms, is_beginning)


def _check_size(query: SearchQuery) -> None:
    phrases = [*(each for group in query.required for each in group), *query.excluded]
    if not query.required:
        raise InvalidError(
            "There is nothing to look for: name at least one word, and one that shall be there.",
            code="empty_search",
        )
    if sum(len(each.terms) for each in phrases) > MAX_TERMS:
        raise InvalidError(
            f"A search takes {MAX_TERMS} words or characters at most.", code="search_too_long"
        )
