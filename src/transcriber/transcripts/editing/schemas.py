"""The shapes of requests to correct a transcript, and of their answers."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from transcriber.infra.schemas import RequestModel, ResponseModel
from transcriber.transcripts.editing.text import MAX_TEXT_LENGTH, SegmentText, Speaker
from transcriber.transcripts.schemas import MAX_INTEGER, SegmentRead

MAX_OPERATIONS = 500

SegmentIndex = Annotated[
    int, Field(ge=0, le=MAX_INTEGER, description="`index` of a segment of the revision.")
]
BasedOn = Annotated[
    int,
    Field(
        ge=0, le=MAX_INTEGER, description="The revision that was read; 409 if it is not the newest."
    ),
]
Seconds = Annotated[float, Field(ge=0, description="From the recording's start.")]


class SetText(RequestModel):
    """Other words; times of words that stay are kept."""

    op: Literal["set_text"]
    segment: SegmentIndex
    text: SegmentText


class SetTimes(RequestModel):
    """Other times, within the recording; what is not sent stays."""

    op: Literal["set_times"]
    segment: SegmentIndex
    start: Seconds | None = None
    end: Seconds | None = None


class SetSpeaker(RequestModel):
    """Another speaker, or none."""

    op: Literal["set_speaker"]
    segment: SegmentIndex
    speaker: Speaker | None


class Split(RequestModel):
    """Two segments out of one: before a character of its text, at a time, or both."""

    op: Literal["split"]
    segment: SegmentIndex
    character: int | None = Field(
        default=None,
        ge=1,
        le=MAX_TEXT_LENGTH,
        description="Unicode characters of the text that stay in the first of the two.",
    )
    at: Seconds | None = Field(
        default=None, description="Where the second begins; without `character`, by its words."
    )

    @model_validator(mode="after")
    def _require_place(self) -> "Split":
        if self.character is None and self.at is None:
            raise ValueError("Say `character`, `at` or both.")
        return self


class Merge(RequestModel):
    """One segment out of two neighbours, under the index of the first."""

    op: Literal["merge"]
    segment: SegmentIndex
    following: SegmentIndex


class Delete(RequestModel):
    """Without this segment."""

    op: Literal["delete"]
    segment: SegmentIndex


class Insert(RequestModel):
    """A segment that was not heard."""

    op: Literal["insert"]
    start: Seconds
    end: Seconds
    text: SegmentText
    speaker: Speaker | None = None


Operation = Annotated[
    SetText | SetTimes | SetSpeaker | Split | Merge | Delete | Insert, Field(discriminator="op")
]


class TranscriptEdit(RequestModel):
    """Operations in the order in which they are done: all of them or none, as one revision."""

    revision: BasedOn
    operations: list[Operation] = Field(min_length=1, max_length=MAX_OPERATIONS)


class TextReplacement(RequestModel):
    """What to find, literally, and what to write in its place."""

    revision: BasedOn
    find: str = Field(min_length=1, max_length=200)
    replacement: str = Field(max_length=1_000, description="Empty: what was found is removed.")
    match_case: bool = False
    whole_words: bool = False
    dry_run: bool = Field(default=False, description="Only count and show what would change.")


class SpeakerRename(RequestModel):
    """One name for another; null stands for segments that nobody is named for."""

    speaker: Speaker | None
    name: Speaker | None


class SpeakerRenames(RequestModel):
    """Renames that happen at the same time, so that two names can be exchanged."""

    revision: BasedOn
    renames: list[SpeakerRename] = Field(min_length=1, max_length=100)

    @model_validator(mode="after")
    def _refuse_ambiguity(self) -> "SpeakerRenames":
        if len({each.speaker for each in self.renames}) < len(self.renames):
            raise ValueError("Each speaker may be renamed once.")
        return self


class EditResult(ResponseModel):
    """The newest revision after an edit, and what was added to it."""

    revision: int
    removed: list[int] = Field(description="Indexes of segments that are part of it no more.")
    added: list[SegmentRead] = Field(description="New segments, in order.")


class SegmentPreview(ResponseModel):
    """What a replacement does to a segment."""

    index: int
    before: str
    after: str = Field(description="Empty: the segment is removed.")


class ReplaceResult(ResponseModel):
    """What was replaced, or would be."""

    revision: int = Field(description="The newest revision.")
    replacements: int
    segments: int
    preview: list[SegmentPreview] = Field(description="The first of the segments concerned.")


class SpeakerCount(ResponseModel):
    """How many segments somebody says; null: nobody is named for them."""

    speaker: str | None
    segments: int


class SpeakerList(ResponseModel):
    """Who speaks in the newest revision, in the order of first words."""

    revision: int
    items: list[SpeakerCount]


class SpeakerResult(ResponseModel):
    """What was renamed."""

    revision: int
    segments: int
