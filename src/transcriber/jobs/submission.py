"""One direct upload from body to queued job."""

import asyncio
from collections.abc import AsyncIterator

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from transcriber.infra.clock import read_database_time
from transcriber.infra.context import Context
from transcriber.infra.errors import BadRequestError, ServiceError
from transcriber.infra.multipart import read_boundary
from transcriber.jobs.form import read_form
from transcriber.jobs.options import write_options
from transcriber.jobs.progress import JobView, describe_jobs
from transcriber.jobs.service import JobService, Submission
from transcriber.jobs.staged import choose_model
from transcriber.recordings.names import clean_name
from transcriber.recordings.reception import FORM_ALLOWANCE_BYTES, Reception, build_size_refusal

BATCH_BYTES = 1024**2
"""Small pieces are gathered to this size: one trip to a thread for each piece would be slow."""
LINGER_SECONDS = 1.0


async def receive_job(request: Request, context: Context, user_id: str, key: str | None) -> JobView:
    """Stream the body into storage and submit the job; a refusal leaves nothing stored.

    Raises:
        ServiceError: for whatever the checklist of hostile uploads names.
        RequestValidationError: for a field that is unknown or out of range.
    """
    boundary = read_boundary(
        request.headers.get("content-type"), request.headers.get("content-encoding")
    )
    # The storage is asked for room, which may take as long as a network does.
    await run_in_threadpool(_check_length, request, context)
    limit = context.settings.max_upload_bytes
    reception = Reception(context.storage, boundary, max_bytes=limit)
    try:
        await _feed(request, reception)
        return await run_in_threadpool(_submit, context, reception, user_id, key)
    except BaseException:
        await run_in_threadpool(reception.discard)
        raise


def _check_length(request: Request, context: Context) -> None:
    length = request.headers.get("content-length")
    if length is None:
        return
    if not length.isdecimal():
        raise BadRequestError("Content-Length is not a number.")
    if int(length[:20]) > context.settings.max_upload_bytes + FORM_ALLOWANCE_BYTES:
        raise build_size_refusal(context.settings.max_upload_bytes)
    context.storage.check_space(int(length))


async def _feed(request: Request, reception: Reception) -> None:
    stream = request.stream()
    batch = bytearray()
    try:
        async for chunk in stream:
            batch += chunk
            if len(batch) >= BATCH_BYTES:
                await run_in_threadpool(reception.feed, bytes(batch))
                batch.clear()
        if batch:
            await run_in_threadpool(reception.feed, bytes(batch))
    except ServiceError:
        await _linger(stream)
        raise


async def _linger(stream: AsyncIterator[bytes]) -> None:
    # Closing a socket with unread bytes resets it, and the client would lose the answer.
    try:
        async with asyncio.timeout(LINGER_SECONDS):
            async for _ in stream:
                pass
    except TimeoutError:
        return


def _submit(context: Context, reception: Reception, user_id: str, key: str | None) -> JobView:
    form = read_form(reception.fields)
    options = form.build_options()
    model = choose_model(context.settings, form.model)
    name = clean_name(form.name or reception.filename)
    stored = reception.finish()
    submission = Submission(
        user_id=user_id,
        name=name,
        model=model,
        options=write_options(options),
        stored=stored,
        idempotency_key=key,
    )
    with context.database.unit_of_work() as uow:
        job = JobService(uow, context.queue, context.storage).submit(submission)
        view = describe_jobs(uow.session, [job], read_database_time(uow.session))[0]
        uow.session.flush()
        # Whatever fails before this line has surely written nothing.  From here on the commit may
        # have been applied, whether its answer is lost or the request is cancelled after it, and a
        # row may point at the object.  If none does, the collection of orphans removes it.
        reception.keep()
    return view
