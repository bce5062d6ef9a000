"""Event streams over HTTP."""

from typing import Any

from fastapi import APIRouter, Response, status

from transcriber.accounts.dependencies import CurrentCaller
from transcriber.infra.errors import (
    InvalidError,
    NotFoundError,
    UnauthenticatedError,
    UnavailableError,
)
from transcriber.infra.event_stream import EventStreamResponse
from transcriber.infra.problems import declare_problems
from transcriber.jobs.endpoints import JobId
from transcriber.jobs.events.hub import TooManyStreamsError
from transcriber.jobs.events.opening import ResumePlace, Streams, open_stream
from transcriber.jobs.events.schemas import JobStreamEvent
from transcriber.jobs.events.watch import Watch

router = APIRouter(prefix="/jobs", tags=["jobs"])

STREAM: dict[int | str, dict[str, Any]] = {
    200: {"model": JobStreamEvent, "description": "Events, each with such an object as its data."}
}
STREAM_OF_JOB: dict[int | str, dict[str, Any]] = {
    **STREAM,
    204: {"description": "The job has ended and the reader knows all of it: do not come back."},
}
REFUSALS = (UnauthenticatedError, InvalidError, TooManyStreamsError, UnavailableError)


@router.get(
    "/events",
    status_code=status.HTTP_200_OK,
    response_class=EventStreamResponse,
    responses={**STREAM, **declare_problems(*REFUSALS)},
)
def stream_jobs(caller: CurrentCaller, streams: Streams, after: ResumePlace) -> Response:
    """Everything that happens to the caller's jobs, as server-sent events; it never ends by itself.

    First a `snapshot`; then what was missed behind `Last-Event-ID`; then what happens.
    """
    watch = Watch(scope=caller.principal.user_id, job_id=None, proof=caller.proof)
    return open_stream(streams, watch, after)


@router.get(
    "/{job_id}/events",
    status_code=status.HTTP_200_OK,
    response_class=EventStreamResponse,
    responses={**STREAM_OF_JOB, **declare_problems(*REFUSALS, NotFoundError)},
)
def stream_job(
    job_id: JobId, caller: CurrentCaller, streams: Streams, after: ResumePlace
) -> Response:
    """What happens to one job, as server-sent events; it ends once the job has ended."""
    watch = Watch(scope=caller.principal.user_id, job_id=job_id, proof=caller.proof)
    return open_stream(streams, watch, after)
