"""Jobs over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response, status

from transcriber.accounts.dependencies import CurrentAccount
from transcriber.infra.clock import read_database_time
from transcriber.infra.dependencies import CurrentContext, Read, Work
from transcriber.infra.errors import (
    BadRequestError,
    ConflictError,
    InvalidError,
    NotFoundError,
    RequestTimeoutError,
    StorageFullError,
    TooLargeError,
    UnauthenticatedError,
    UnavailableError,
    UnsupportedError,
)
from transcriber.infra.idempotency_header import GivenKey
from transcriber.infra.problem_handlers import read_request_id
from transcriber.infra.problems import declare_problems
from transcriber.jobs import repository
from transcriber.jobs.batches import receive_batch
from transcriber.jobs.dependencies import Jobs
from transcriber.jobs.errors import JobStateError, RecordingGoneError, RecordingInUseError
from transcriber.jobs.form import describe_batch_body, describe_body
from transcriber.jobs.list_query import JobListQuery
from transcriber.jobs.models import Job
from transcriber.jobs.progress import describe_jobs
from transcriber.jobs.rerun_body import RerunRequest
from transcriber.jobs.schemas import (
    BatchAnswer,
    JobAccepted,
    JobPage,
    JobRead,
    show_acceptance,
    show_batch,
    show_job,
)
from transcriber.jobs.sorting import JobOrder
from transcriber.jobs.states import JobState
from transcriber.jobs.submission import receive_job
from transcriber.recordings.batch import MAX_FILES

router = APIRouter(prefix="/jobs", tags=["jobs"])

JobId = Annotated[str, Path(pattern="^[0-9a-f]{32}$")]
States = Annotated[list[JobState] | None, Query(description="Only jobs in these states.")]


@router.post(
    "/",
    status_code=status.HTTP_201_CREATED,
    openapi_extra={"requestBody": describe_body()},
    responses=declare_problems(
        BadRequestError,
        UnauthenticatedError,
        RequestTimeoutError,
        ConflictError,
        TooLargeError,
        UnsupportedError,
        InvalidError,
        UnavailableError,
        StorageFullError,
    )
    | {200: {"model": JobAccepted, "description": "An earlier job, as `reuse` asked."}},
)
async def create_job(
    request: Request,
    response: Response,
    account: CurrentAccount,
    context: CurrentContext,
    key: GivenKey,
) -> JobAccepted:
    """Send a recording and have it transcribed; the body is stored as it arrives."""
    acceptance = await receive_job(request, context, account.user_id, key)
    if acceptance.is_reused:
        response.status_code = status.HTTP_200_OK
    response.headers["Location"] = f"/jobs/{acceptance.view.job.id}"
    return show_acceptance(acceptance)


@router.post(
    "/batch",
    status_code=status.HTTP_207_MULTI_STATUS,
    openapi_extra={"requestBody": describe_batch_body(MAX_FILES)},
    responses=declare_problems(
        BadRequestError,
        UnauthenticatedError,
        TooLargeError,
        UnsupportedError,
        InvalidError,
        UnavailableError,
        StorageFullError,
    ),
)
async def create_jobs(
    request: Request, account: CurrentAccount, context: CurrentContext, key: GivenKey
) -> BatchAnswer:
    """Send several recordings and have each transcribed as a job of its own.

    The answer says for each file what became of it: one that is refused harms no other.  Repeating
    the request with its key gives the jobs that exist, and makes those that are missing.
    """
    results = await receive_batch(request, context, account.user_id, key)
    return show_batch(results, read_request_id(request.scope))


@router.get("/", responses=declare_problems(UnauthenticatedError, InvalidError))
def list_jobs(
    session: Read, account: CurrentAccount, query: Annotated[JobListQuery, Query()]
) -> JobPage:
    """The caller's jobs, newest first or as `sort` says."""
    wanted, order = query.build_job_filter(), JobOrder.read(query.sort, query.cursor)
    rows = repository.list_jobs(session, account.user_id, wanted, order, limit=query.limit + 1)
    page = rows[: query.limit]
    views = describe_jobs(session, page, read_database_time(session))
    return JobPage(
        items=[show_job(view) for view in views],
        next_cursor=order.write(page[-1]) if len(rows) > query.limit else None,
        total=repository.count_jobs(session, account.user_id, wanted),
    )


@router.get("/{job_id}", responses=declare_problems(UnauthenticatedError, NotFoundError))
def read_job(job_id: JobId, session: Read, account: CurrentAccount) -> JobRead:
    """One job: state, progress, time left, place in the queue."""
    job = repository.find_job(session, account.user_id, job_id)
    if job is None:
        raise NotFoundError("There is no such job.", code="job_not_found")
    return show_job(describe_jobs(session, [job], read_database_time(session))[0])


@router.post(
    "/{job_id}/cancel",
    responses=declare_problems(UnauthenticatedError, NotFoundError, JobStateError),
)
def cancel_job(job_id: JobId, jobs: Jobs, uow: Work, account: CurrentAccount) -> JobRead:
    """Cancel: at once while it waits, at the next segment while it runs."""
    return _show(uow, jobs.cancel(account.user_id, job_id))


@router.post(
    "/{job_id}/retry",
    responses=declare_problems(
        UnauthenticatedError, NotFoundError, JobStateError, RecordingGoneError
    ),
)
def retry_job(job_id: JobId, jobs: Jobs, uow: Work, account: CurrentAccount) -> JobRead:
    """Try a job again from the start that failed, was cancelled or was quarantined."""
    return _show(uow, jobs.retry(account.user_id, job_id))


@router.post(
    "/{job_id}/rerun",
    status_code=status.HTTP_201_CREATED,
    responses=declare_problems(
        UnauthenticatedError, NotFoundError, RecordingGoneError, ConflictError, InvalidError
    ),
)
def rerun_job(
    *,
    job_id: JobId,
    response: Response,
    context: CurrentContext,
    jobs: Jobs,
    uow: Work,
    account: CurrentAccount,
    key: GivenKey,
    body: RerunRequest | None = None,
) -> JobRead:
    """Transcribe the same recording with other options, as a job of its own."""
    asked = body or RerunRequest()
    original = jobs.find(account.user_id, job_id)
    rerun = asked.build_rerun(original, context.settings)
    job = jobs.rerun(account.user_id, rerun, key)
    response.headers["Location"] = f"/jobs/{job.id}"
    return _show(uow, job)


@router.delete(
    "/{job_id}",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=declare_problems(UnauthenticatedError, NotFoundError),
)
def delete_job(job_id: JobId, jobs: Jobs, account: CurrentAccount) -> None:
    """Remove a job and its transcript; the recording goes with the last job that uses it."""
    jobs.delete(account.user_id, job_id)


@router.delete(
    "/{job_id}/recording",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=declare_problems(UnauthenticatedError, NotFoundError, RecordingInUseError),
)
def delete_recording(job_id: JobId, jobs: Jobs, account: CurrentAccount) -> None:
    """Remove a job's recording now and keep its transcript."""
    jobs.remove_recording(account.user_id, job_id)


def _show(uow: Work, job: Job) -> JobRead:
    now = read_database_time(uow.session)
    return show_job(describe_jobs(uow.session, [job], now)[0])
