"""Waiting a moment for an upload's end, so that quick ones need no polling."""

import asyncio
import time
from dataclasses import dataclass

from transcriber.infra.clock import read_database_time
from transcriber.infra.context import Context
from transcriber.infra.disk_threads import DiskThreads
from transcriber.infra.errors import ServiceError
from transcriber.jobs.duplicates import find_duplicate
from transcriber.jobs.intake import Acceptance
from transcriber.jobs.progress import describe_jobs
from transcriber.jobs.repository import find_job
from transcriber.uploads import repository
from transcriber.uploads.errors import ChecksumMismatchError, UploadStateError
from transcriber.uploads.finalizing import Verifier, begin_finalizing
from transcriber.uploads.models import Upload
from transcriber.uploads.service import UploadView, build_unknown_upload, describe_upload
from transcriber.uploads.states import UploadState
from transcriber.uploads.verification import Claim

WAIT_SECONDS = 2.0
"""How long a request waits for the verification; proxies wait longer, and people do not like to."""
LOOK_SECONDS = 0.25


@dataclass(frozen=True, slots=True)
class Outcome:
    """How far an upload has come: the job it has become, or None while it is being verified."""

    view: UploadView
    job: Acceptance | None


async def finalize(
    context: Context, threads: DiskThreads, verifier: Verifier, user_id: str, upload_id: str
) -> Outcome:
    """Have an upload verified, and wait a moment for its end.

    Raises:
        ServiceError: as `begin_finalizing` does, or why the verification failed.
    """
    claim = await threads.run(_begin, context, verifier, user_id, upload_id)
    if claim is not None:
        verifier.start(claim)
    return await await_outcome(context, threads, verifier, user_id, upload_id)


async def await_outcome(
    context: Context, threads: DiskThreads, verifier: Verifier, user_id: str, upload_id: str
) -> Outcome:
    """Wait a moment for the end of a verification that was begun; raises why it failed."""
    deadline = time.monotonic() + WAIT_SECONDS
    running = verifier.find(upload_id)
    if running is not None:
        await asyncio.wait([asyncio.wrap_future(running)], timeout=WAIT_SECONDS)
    while True:
        outcome = await threads.run(_look, context, user_id, upload_id)
        if outcome.view.upload.state != UploadState.VERIFYING or time.monotonic() > deadline:
            return outcome
        await asyncio.sleep(LOOK_SECONDS)


def _begin(context: Context, verifier: Verifier, user_id: str, upload_id: str) -> Claim | None:
    with context.database.unit_of_work() as uow:
        return begin_finalizing(uow, context, user_id, upload_id, verifier.owner)


def _look(context: Context, user_id: str, upload_id: str) -> Outcome:
    with context.database.snapshot() as session:
        upload = repository.find_upload(session, user_id, upload_id)
        if upload is None:
            raise build_unknown_upload()
        view = describe_upload(session, upload)
        if upload.state != UploadState.COMPLETED:
            _refuse_failure(upload)
            return Outcome(view, None)
        job = find_job(session, user_id, upload.job_id) if upload.job_id else None
        if job is None:
            raise UploadStateError(
                "The upload was completed, and the job that it became was deleted since.",
                code="job_deleted",
            )
        shown = describe_jobs(session, [job], read_database_time(session))[0]
        return Outcome(view, Acceptance(shown, find_duplicate(session, job), is_reused=False))


def _refuse_failure(upload: Upload) -> None:
    if upload.error_code is None:
        return
    message = upload.error_message or ""
    if upload.error_code == ChecksumMismatchError.code:
        raise ChecksumMismatchError(message)
    raise _build_failure(upload.error_code, message)


def _build_failure(code: str, message: str) -> ServiceError:
    return UploadStateError(message, code=code)
