"""Shapes of the operator's routes about jobs."""

from pydantic import Field

from transcriber.infra.paging import Page
from transcriber.infra.schemas import RequestModel
from transcriber.jobs.progress import JobView
from transcriber.jobs.schemas import JobRead, show_job

MAX_PRIORITY = 10


class AdminJobRead(JobRead):
    """A job as an administrator sees it."""

    user_id: str
    priority: int


class AdminJobPage(Page[AdminJobRead]):
    """One page of everybody's jobs, newest first."""

    total: int


class PriorityRequest(RequestModel):
    """When a job goes, in relation to others; 0 is usual, higher goes first."""

    priority: int = Field(ge=-MAX_PRIORITY, le=MAX_PRIORITY)


def show_any_job(view: JobView) -> AdminJobRead:
    """The answer about one job of anybody's."""
    shown = show_job(view).model_dump()
    return AdminJobRead(**shown, user_id=view.job.user_id, priority=view.job.priority)
