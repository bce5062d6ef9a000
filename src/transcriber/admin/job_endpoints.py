"""Everybody's jobs, for administrators; every act is audited."""

from typing import Annotated

from fastapi import APIRouter, Query, Response, status

from transcriber.accounts.dependencies import CurrentAdmin, CurrentCaller
from transcriber.admin.job_schemas import (
    AdminJobPage,
    AdminJobRead,
    PriorityRequest,
    show_any_job,
)
from transcriber.admin.looking import record_look_at_job, record_look_at_jobs
from transcriber.infra.clock import read_database_time
from transcriber.infra.dependencies import CurrentContext, Read, Work
from transcriber.infra.errors import (
    ConflictError,
    ForbiddenError,
    InvalidError,
    NotFoundError,
    UnauthenticatedError,
)
from transcriber.infra.event_stream import EventStreamResponse
from transcriber.infra.idempotency_header import GivenKey
from transcriber.infra.ownership import EveryOwner, Scope
from transcriber.infra.paging import CursorText, Limit, decode_cursor, encode_cursor
from transcriber.infra.problems import declare_problems
from transcriber.jobs import repository
from transcriber.jobs.dependencies import Jobs
from transcriber.jobs.endpoints import JobId, States
from transcriber.jobs.errors import JobStateError, RecordingGoneError, RecordingInUseError
from transcriber.jobs.events.endpoints import STREAM_OF_JOB
from transcriber.jobs.events.hub import TooManyStreamsError
from transcriber.jobs.events.opening import ResumePlace, Streams, open_stream
from transcriber.jobs.events.watch import Watch
from transcriber.jobs.filters import JobFilter
from transcriber.jobs.models import Job
from transcriber.jobs.progress import describe_jobs
from transcriber.jobs.rerun_body import RerunRequest
from transcriber.jobs.sorting import JobOrder

router = APIRouter(prefix="/api/admin/jobs", tags=["admin"])

Owner = Annotated[str | None, Query(max_length=64, description="Only this account's jobs.")]
REFUSALS = (UnauthenticatedError, ForbiddenError, NotFoundError, InvalidError)


@router.get("", responses=declare_problems(UnauthenticatedError, ForbiddenError, InvalidError))
def list_all_jobs(
    *,
    admin: CurrentAdmin,
    session: Read,
    uow: Work,
    state: States = None,
    user_id: Owner = None,
    limit: Limit = 50,
    cursor: CursorText = None,
) -> AdminJobPage:
    """Everybody's jobs, or one account's, newest first."""
    scope: Scope = EveryOwner(admin.user_id) if user_id is None else user_id
    wanted, order = JobFilter(states=state or ()), JobOrder(after=decode_cursor(cursor))
    rows = repository.list_jobs(session, scope, wanted, order, limit=limit + 1)
    page = rows[:limit]
    record_look_at_jobs(uow.session, admin, user_id)
    views = describe_jobs(session, page, read_database_time(session))
    return AdminJobPage(
        items=[show_any_job(view) for view in views],
        next_cursor=encode_cursor(page[-1].created_at, page[-1].id) if len(rows) > limit else None,
        total=repository.count_jobs(session, scope, wanted),
    )


@router.get("/{job_id}", responses=declare_problems(*REFUSALS))
def read_any_job(admin: CurrentAdmin, job_id: JobId, session: Read, uow: Work) -> AdminJobRead:
    """One job, whoever owns it."""
    job = repository.find_job(session, EveryOwner(admin.user_id), job_id)
    if job is None:
        raise NotFoundError("There is no such job.", code="job_not_found")
    record_look_at_job(uow.session, admin, job)
    return show_any_job(describe_jobs(session, [job], read_database_time(session))[0])


@router.get(
    "/{job_id}/events",
    status_code=status.HTTP_200_OK,
    response_class=EventStreamResponse,
    responses={**STREAM_OF_JOB, **declare_problems(*REFUSALS, TooManyStreamsError)},
)
def stream_any_job(
    *,
    admin: CurrentAdmin,
    caller: CurrentCaller,
    job_id: JobId,
    jobs: Jobs,
    uow: Work,
    streams: Streams,
    after: ResumePlace,
) -> Response:
    """What happens to one job, whoever owns it; as its owner's stream."""
    scope = EveryOwner(admin.user_id)
    record_look_at_job(uow.session, admin, jobs.find(scope, job_id), "events")
    watch = Watch(scope=scope, job_id=job_id, proof=caller.proof)
    return open_stream(streams, watch, after)


@router.patch("/{job_id}", responses=declare_problems(*REFUSALS, JobStateError))
def prioritise_job(
    admin: CurrentAdmin, job_id: JobId, body: PriorityRequest, jobs: Jobs, uow: Work
) -> AdminJobRead:
    """Let a job go before others, or after them."""
    return _show(uow, jobs.prioritise(EveryOwner(admin.user_id), job_id, body.priority))


@router.post("/{job_id}/cancel", responses=declare_problems(*REFUSALS, JobStateError))
def cancel_any_job(admin: CurrentAdmin, job_id: JobId, jobs: Jobs, uow: Work) -> AdminJobRead:
    """Cancel as the owner would."""
    return _show(uow, jobs.cancel(EveryOwner(admin.user_id), job_id))


@router.post(
    "/{job_id}/retry", responses=declare_problems(*REFUSALS, JobStateError, RecordingGoneError)
)
def retry_any_job(admin: CurrentAdmin, job_id: JobId, jobs: Jobs, uow: Work) -> AdminJobRead:
    """Try again as the owner would."""
    return _show(uow, jobs.retry(EveryOwner(admin.user_id), job_id))


@router.post(
    "/{job_id}/rerun",
    status_code=status.HTTP_201_CREATED,
    responses=declare_problems(*REFUSALS, RecordingGoneError, ConflictError),
)
def rerun_any_job(
    *,
    admin: CurrentAdmin,
    job_id: JobId,
    response: Response,
    context: CurrentContext,
    jobs: Jobs,
    uow: Work,
    key: GivenKey,
    body: RerunRequest | None = None,
) -> AdminJobRead:
    """Transcribe the recording again with other options; the new job is its owner's."""
    scope = EveryOwner(admin.user_id)
    asked = body or RerunRequest()
    rerun = asked.build_rerun(jobs.find(scope, job_id), context.settings)
    job = jobs.rerun(scope, rerun, key)
    response.headers["Location"] = f"/api/admin/jobs/{job.id}"
    return _show(uow, job)


@router.delete(
    "/{job_id}",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=declare_problems(*REFUSALS),
)
def delete_any_job(admin: CurrentAdmin, job_id: JobId, jobs: Jobs) -> None:
    """Remove a job and its transcript; the recording goes with the last job that uses it."""
    jobs.delete(EveryOwner(admin.user_id), job_id)


@router.delete(
    "/{job_id}/recording",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=declare_problems(*REFUSALS, RecordingInUseError),
)
def delete_any_recording(admin: CurrentAdmin, job_id: JobId, jobs: Jobs) -> None:
    """Remove a job's recording now and keep its transcript."""
    jobs.remove_recording(EveryOwner(admin.user_id), job_id)


def _show(uow: Work, job: Job) -> AdminJobRead:
    now = read_database_time(uow.session)
    return show_any_job(describe_jobs(uow.session, [job], now)[0])
