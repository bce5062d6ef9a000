"""Find and replace over a whole transcript, literally: nobody's pattern is ever run."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from transcriber.infra.errors import InvalidError
from transcriber.transcripts.editing.schemas import TextReplacement
from transcriber.transcripts.editing.text import MAX_TEXT_LENGTH, clean_text, tidy_text

_SPACES = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Replaced:
    """A segment in which something was found; `after` is empty where nothing is left."""

    index: int
    before: str
    after: str
    count: int


def replace_texts(request: TextReplacement, texts: Iterable[tuple[int, str]]) -> list[Replaced]:
    """What the replacement does to segments, given with their indexes; the others are left out.

    Raises:
        InvalidError: `bad_find`, `bad_replacement`, or `text_too_long` when a segment would be.
    """
    pattern = _build_pattern(request)
    replacement = _clean_replacement(request.replacement)
    found: list[Replaced] = []
    for index, text in texts:
        # A function, because a text would be read for references to groups.
        raw, count = pattern.subn(lambda _match: replacement, text)
        if len(raw) > MAX_TEXT_LENGTH:
            raise InvalidError(
                f"The text of segment {index} would be longer than {MAX_TEXT_LENGTH} characters.",
                code="text_too_long",
                extra={"segment": index},
            )
        if count:
            found.append(Replaced(index, text, tidy_text(raw), count))
    return found


def _build_pattern(request: TextReplacement) -> re.Pattern[str]:
    try:
        clean_text(request.find)
    except ValueError as error:
        raise InvalidError(str(error), code="bad_find") from error
    literal = re.escape(_SPACES.sub(" ", unicodedata.normalize("NFC", request.find)))
    if request.whole_words:
        literal = rf"(?<!\w){literal}(?!\w)"
    return re.compile(literal, 0 if request.match_case else re.IGNORECASE)


def _clean_replacement(replacement: str) -> str:
    if replacement.strip():
        try:
            clean_text(replacement)
        except ValueError as error:
            raise InvalidError(str(error), code="bad_replacement") from error
    return replacement
