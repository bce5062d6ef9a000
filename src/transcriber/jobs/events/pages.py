"""Reading what one stream has to send next."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from transcriber.infra.clock import read_database_time
from transcriber.infra.event_stream import format_event
from transcriber.infra.ownership import for_everybody
from transcriber.jobs.events.schemas import JobDeletedEvent, JobStateEvent
from transcriber.jobs.events.watch import Watch
from transcriber.jobs.models import Job, JobEvent
from transcriber.jobs.progress import describe_jobs
from transcriber.jobs.repository import find_job
from transcriber.jobs.schemas import JobRead, show_job
from transcriber.jobs.states import DELETED, TERMINAL

PAGE = 100


@dataclass(frozen=True, slots=True)
class Page:
    """Events in order.

    Attributes:
        pieces: As they are sent.
        told: The newest event of each job in them.
        cursor: Every event of the stream up to here is in this page or in one before.
        has_more: Whether more is to be read at once.
        is_last: Whether the stream's job has ended and nothing is left to tell of it.
    """

    pieces: Sequence[bytes]
    told: Mapping[str, int]
    cursor: int
    has_more: bool
    is_last: bool


def read_page(session: Session, watch: Watch, *, after: int, through: int) -> Page:
    """The events of a stream in `after < id <= through`, as many as make a page."""
    wanted = watch.match_events()
    query = select(JobEvent).where(wanted, JobEvent.id > after, JobEvent.id <= through)
    rows = session.scalars(query.order_by(JobEvent.id).limit(PAGE + 1)).all()
    page = rows[:PAGE]
    jobs = _describe(session, page)
    has_more = len(rows) > len(page)
    return Page(
        pieces=[_format(row, jobs.get(row.job_id)) for row in page],
        told={row.job_id: row.id for row in page},
        cursor=page[-1].id if has_more else through,
        has_more=has_more,
        is_last=not has_more and has_ended(session, watch, through),
    )


def has_ended(session: Session, watch: Watch, after: int) -> bool:
    """Whether a stream's job has ended, or is gone, and nothing of it is behind `after`."""
    if watch.job_id is None:
        return False
    job = find_job(session, watch.scope, watch.job_id)
    if job is not None and job.state not in TERMINAL:
        return False
    is_more = exists().where(watch.match_events(), JobEvent.id > after)
    return not session.scalar(select(is_more))


@for_everybody
def read_newest_id(session: Session) -> int:
    """The id of the newest event of all."""
    return session.scalar(select(func.max(JobEvent.id))) or 0


def _describe(session: Session, page: Sequence[JobEvent]) -> dict[str, JobRead]:
    job_ids = {row.job_id for row in page}
    jobs = session.scalars(select(Job).where(Job.id.in_(job_ids))).all()
    views = describe_jobs(session, jobs, read_database_time(session)) if jobs else []
    return {view.job.id: show_job(view) for view in views}


def _format(row: JobEvent, job: JobRead | None) -> bytes:
    if row.to_state == DELETED:
        gone = JobDeletedEvent(
            type="deleted", id=row.id, job_id=row.job_id, created_at=row.created_at
        )
        return format_event(gone.type, gone.model_dump_json(), row.id)
    columns = {name: getattr(row, name) for name in _COLUMNS}
    event = JobStateEvent.model_validate({**columns, "type": "state", "job": job})
    return format_event(event.type, event.model_dump_json(), row.id)


_COLUMNS = (
    "id",
    "job_id",
    "generation",
    "attempt",
    "from_state",
    "to_state",
    "detail",
    "created_at",
)
