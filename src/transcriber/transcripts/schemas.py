"""The shapes of answers about transcripts."""

from datetime import datetime
from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from transcriber.formats import SubtitleOptions
from transcriber.infra.schemas import RequestModel, ResponseModel

DEFAULTS = SubtitleOptions()
MAX_INTEGER = 2**31 - 1
"""Of the databases' columns."""
MAX_BUNDLE = 1000
"""Jobs that one request may name; for more there is `everything`."""

JobIdText = Annotated[str, StringConstraints(pattern="^[0-9a-f]{32}$")]


class WordRead(ResponseModel):
    """One timed word."""

    start: float
    end: float
    word: str
    probability: float


class SegmentRead(ResponseModel):
    """One segment; times in seconds from the recording's start."""

    index: int = Field(
        description="Names the segment in edits; never used again for another content."
    )
    start: float
    end: float
    text: str
    avg_logprob: float
    no_speech_prob: float
    compression_ratio: float
    temperature: float
    words: list[WordRead]
    speaker: str | None


class DroppedRead(ResponseModel):
    """Text the engine produced and refused to believe."""

    start: float
    end: float
    reason: Literal["silence", "repetition", "low_confidence"]
    text: str


class TranscriptSummary(ResponseModel):
    """A transcript without its text."""

    job_id: str
    name: str
    language: str
    language_probability: float
    duration_seconds: float
    model: str
    task: Literal["transcribe", "translate"]
    segment_count: int
    revision: int = Field(description="0: as the machine wrote it; each correction adds one.")
    created_at: datetime


class TranscriptOverview(TranscriptSummary):
    """A transcript without its segments, which `/segments` gives in pages."""

    dropped: list[DroppedRead]


class TranscriptRead(TranscriptSummary):
    """A whole transcript, as of one of its revisions."""

    segments: list[SegmentRead]
    dropped: list[DroppedRead]


class SegmentPage(ResponseModel):
    """Some segments of a revision, in order."""

    revision: int = Field(description="Ask for it again, so that the pages fit together.")
    offset: int = Field(description="How many segments of the revision come before the page.")
    total: int = Field(description="How many segments the revision has.")
    items: list[SegmentRead]
    next_after: int | None = Field(
        description="Ask with it as `after` for the next page; null on the last."
    )


class TranscriptPage(ResponseModel):
    """One page of the owner's transcripts."""

    items: list[TranscriptSummary]
    next_cursor: str | None


class ExportChoices(RequestModel):
    """The format, what it shows, and limits on subtitle cues as `SubtitleOptions` has them."""

    format: Literal["txt", "srt", "vtt", "tsv", "csv", "json", "docx", "pdf"] = "txt"
    speakers: bool | None = Field(default=None, description="Who says each segment.")
    words: bool | None = Field(default=None, description="Single words with their times.")
    confidence: bool | None = Field(default=None, description="How sure the engine was.")
    timestamps: bool | None = Field(default=None, description="When each segment is said.")
    max_line_length: int = Field(default=DEFAULTS.max_line_length, ge=10, le=500)
    max_line_count: int = Field(default=DEFAULTS.max_line_count, ge=1, le=10)
    max_characters_per_second: float = Field(
        default=DEFAULTS.max_characters_per_second, ge=1, le=1000
    )
    min_cue_seconds: float = Field(default=DEFAULTS.min_cue_seconds, ge=0.001, le=10)
    max_cue_seconds: float = Field(default=DEFAULTS.max_cue_seconds, ge=0.001, le=3600)
    min_gap_seconds: float = Field(default=DEFAULTS.min_gap_seconds, ge=0, le=5)


class ExportQuery(ExportChoices):
    """How one transcript is exported, and which revision of it."""

    revision: int | None = Field(
        default=None, ge=0, le=MAX_INTEGER, description="0 is the machine's; else the newest."
    )


class BundleRequest(ExportChoices):
    """Which transcripts are exported together, and how."""

    job_ids: list[JobIdText] | None = Field(
        default=None, min_length=1, max_length=MAX_BUNDLE, description="Some of the caller's."
    )
    everything: bool = Field(default=False, description="All of the caller's, instead of some.")

    @model_validator(mode="after")
    def _check_which(self) -> Self:
        if (self.job_ids is not None) == self.everything:
            raise ValueError("give either job_ids or everything")
        return self
