"""The shapes of requests and answers about tags."""

from pydantic import Field

from transcriber.infra.schemas import RequestModel, ResponseModel
from transcriber.transcripts.tags.spelling import Tag

MAX_TAGS = 32


class TagChoice(RequestModel):
    """All tags of a transcript; of several spellings of one the first is kept."""

    tags: list[Tag] = Field(max_length=MAX_TAGS)


class TagList(ResponseModel):
    """The tags of a transcript, in order."""

    tags: list[str]


class TagCount(ResponseModel):
    """A tag, as it is spelt somewhere, and how many transcripts have it."""

    tag: str
    transcripts: int


class TagPage(ResponseModel):
    """One page of the account's tags, in order."""

    items: list[TagCount]
    next_after: str | None = Field(
        description="Ask with it as `after` for the next page; null on the last."
    )
