"""What people may write into a transcript: one visible line."""

import re
import unicodedata
from typing import Annotated

from pydantic import AfterValidator, Field

from transcriber.transcripts.models import MAX_SPEAKER_LENGTH

MAX_TEXT_LENGTH = 10_000
"""Characters of one segment; a minute of fast speech has about a thousand."""

_SPACE = "\t\n\r"


def tidy_text(text: str) -> str:
    """The text as one line: white space in a row is one space, and none at the ends."""
    return " ".join(text.split())


def clean_text(raw: str) -> str:
    """What somebody wrote, as it is kept.

    Raises:
        ValueError: for control characters, or when nothing is left to see.
    """
    if any(unicodedata.category(each) == "Cc" and each not in _SPACE for each in raw):
        raise ValueError("The text must not hold control characters.")
    text = tidy_text(unicodedata.normalize("NFC", raw))
    if not text:
        raise ValueError("The text must not be empty.")
    return text


SegmentText = Annotated[
    str,
    Field(max_length=MAX_TEXT_LENGTH, description="Kept as one line."),
    AfterValidator(clean_text),
]
Speaker = Annotated[str, Field(max_length=MAX_SPEAKER_LENGTH), AfterValidator(clean_text)]

_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    "\U00020000-\U0003ffff]"
)


def is_unspaced(character: str) -> bool:
    """Whether the character's script writes its words without spaces between them."""
    return _UNSPACED.match(character) is not None


def needs_space(before: str, after: str) -> bool:
    """Whether two texts that are joined need a space between them."""
    if not before or not after:
        return False
    return not (is_unspaced(before[-1]) and is_unspaced(after[0]))
