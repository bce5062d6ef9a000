"""The shapes of questions to the search and of its answers."""

from datetime import datetime
from typing import Self

from pydantic import Field

from transcriber.infra.places import PlaceText
from transcriber.infra.schemas import ResponseModel
from transcriber.transcripts.list_queries import TranscriptFilters
from transcriber.transcripts.search.service import Hit

MAX_HITS = 100
MAX_QUERY_LENGTH = 200


class TranscriptSearchQuery(TranscriptFilters):
    """What to look for, and where."""

    q: str = Field(
        max_length=MAX_QUERY_LENGTH,
        description=(
            'Words that must all be there; `"a phrase"`; `begin*`; `-without`; `one OR other`. '
            "Case, accents and punctuation do not count."
        ),
    )
    job_id: str | None = Field(
        default=None, pattern="^[0-9a-f]{32}$", description="Only this job's transcript."
    )
    limit: int = Field(default=20, ge=1, le=MAX_HITS, description="Hits on the page.")
    cursor: PlaceText = None


class HighlightRead(ResponseModel):
    """A passage that matches, in characters (Unicode code points) of the hit's text."""

    offset: int
    length: int


class HitRead(ResponseModel):
    """A segment that matches; `start` is where to go on playing."""

    job_id: str
    name: str
    language: str
    created_at: datetime
    segment_index: int
    start: float
    end: float
    speaker: str | None
    text: str
    highlights: list[HighlightRead]

    @classmethod
    def of(cls, hit: Hit) -> Self:
        """The hit as it is answered."""
        segment, transcript = hit.found.segment, hit.found.transcript
        return cls(
            job_id=transcript.job_id,
            name=transcript.name,
            language=transcript.language,
            created_at=transcript.created_at,
            segment_index=segment.index,
            start=segment.start,
            end=segment.end,
            speaker=segment.speaker,
            text=segment.text,
            highlights=[
                HighlightRead(offset=first, length=past - first) for first, past in hit.highlights
            ],
        )


class HitPageRead(ResponseModel):
    """One page of hits: the newest transcript first, each in the order of its recording."""

    items: list[HitRead]
    next_cursor: str | None = Field(description="Ask with it for the next page; null on the last.")
