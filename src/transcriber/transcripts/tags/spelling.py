"""How tags are kept, and when two of them are the same."""

import unicodedata
from collections.abc import Iterable
from typing import Annotated

from pydantic import AfterValidator, Field

from transcriber.transcripts.editing.text import clean_text
from transcriber.transcripts.tags.models import MAX_TAG_LENGTH

Tag = Annotated[
    str, Field(max_length=MAX_TAG_LENGTH, description="One line."), AfterValidator(clean_text)
]


def fold_tag(tag: str) -> str:
    """What is the same for every spelling of a tag."""
    return unicodedata.normalize("NFC", tag).casefold()


def fold_tags(tags: Iterable[str]) -> dict[str, str]:
    """Tags by what they have in common; of several spellings the first stays."""
    folded: dict[str, str] = {}
    for tag in tags:
        folded.setdefault(fold_tag(tag), tag)
    return folded
