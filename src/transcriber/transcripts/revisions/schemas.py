"""The shapes of answers about revisions."""

from datetime import datetime
from typing import Literal

from pydantic import Field

from transcriber.infra.schemas import RequestModel, ResponseModel
from transcriber.transcripts.editing.schemas import BasedOn
from transcriber.transcripts.schemas import WordRead


class RevisionRead(ResponseModel):
    """One change of a transcript; revision 0, the machine's, is not listed."""

    number: int
    kind: Literal["edit", "replace", "speakers", "restore"]
    restored: int | None = Field(description="For `restore`: whose content came back.")
    change_count: int = Field(
        description="Operations, replacements, renamed segments, or segments that came back."
    )
    removed_count: int = Field(description="Segments that it replaced or removed.")
    added_count: int = Field(description="Segments that it wrote.")
    user_id: str
    created_at: datetime


class RevisionPage(ResponseModel):
    """One page of revisions, newest first."""

    items: list[RevisionRead]
    next_before: int | None = Field(
        description="Ask with it as `before` for the next page; null on the last."
    )


class RestoreRequest(RequestModel):
    """What the wish was based on."""

    revision: BasedOn


class RestoreResult(ResponseModel):
    """The newest revision; the same as before where nothing differed."""

    revision: int


class SegmentVersion(ResponseModel):
    """A segment as one of the two revisions has it."""

    start: float
    end: float
    text: str
    speaker: str | None
    words: list[WordRead]


class PieceRead(ResponseModel):
    """Some text that both revisions have, or one of them."""

    kind: Literal["equal", "removed", "added"]
    text: str


class PassageRead(ResponseModel):
    """A stretch of time in which the segments differ."""

    start: float
    end: float
    before: list[SegmentVersion] = Field(description="Empty: nothing was there.")
    after: list[SegmentVersion] = Field(description="Empty: nothing is there any more.")
    pieces: list[PieceRead] = Field(description="Both texts, word by word.")


class RevisionDiff(ResponseModel):
    """One page of what lies between two revisions, in the order of time."""

    revision: int
    against: int
    total: int = Field(description="Passages that differ.")
    items: list[PassageRead]
    next_offset: int | None = Field(
        description="Ask with it as `offset` for the next page; null on the last."
    )
