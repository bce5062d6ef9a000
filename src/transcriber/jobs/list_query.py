"""What a request may ask of the list of jobs."""

from pydantic import Field

from transcriber.infra.paging import MAX_LIMIT
from transcriber.infra.places import PlaceText
from transcriber.jobs.filters import JobFilter
from transcriber.jobs.sorting import NEWEST_FIRST, JobSort
from transcriber.jobs.states import JobState
from transcriber.transcripts.list_queries import TranscriptFilters


class JobListQuery(TranscriptFilters):
    """A page of the list: what jobs must have is said as for transcripts."""

    state: list[JobState] | None = Field(default=None, description="Only jobs in these states.")
    recording_id: str | None = Field(
        default=None, pattern="^[0-9a-f]{32}$", description="Only jobs over this recording."
    )
    sort: JobSort = Field(
        default=NEWEST_FIRST, description="A leading minus turns the order round."
    )
    limit: int = Field(default=50, ge=1, le=MAX_LIMIT, description="Rows on the page.")
    cursor: PlaceText = None

    def build_job_filter(self) -> JobFilter:
        """The rows' side of it."""
        shared = self.build_filter()
        return JobFilter(
            states=self.state or (),
            recording_id=self.recording_id,
            language=shared.language,
            model=shared.model,
            task=shared.task,
            name=shared.name,
            tag=shared.tag,
            created_from=shared.created_from,
            created_to=shared.created_to,
        )
