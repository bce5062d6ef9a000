"""One direct upload from body to queued job."""

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from transcriber.infra.body_stream import BodyReader, Pace
from transcriber.infra.context import Context
from transcriber.infra.errors import BadRequestError, ServiceError
from transcriber.infra.multipart import read_boundary
from transcriber.jobs.creation import Submission
from transcriber.jobs.form import read_form
from transcriber.jobs.intake import Acceptance, count_refused, submit_stored
from transcriber.jobs.options import write_options
from transcriber.jobs.staged import choose_model
from transcriber.recordings.names import clean_name
from transcriber.recordings.quota import Allowance, check_room
from transcriber.recordings.reception import FORM_ALLOWANCE_BYTES, Reception, build_size_refusal


async def receive_job(
    request: Request, context: Context, user_id: str, key: str | None
) -> Acceptance:
    """Stream the body into storage and submit the job; a refusal leaves nothing stored.

    Raises:
        ServiceError: for whatever the checklist of hostile uploads names.
        RequestValidationError: for a field that is unknown or out of range.
    """
    boundary = read_boundary(
        request.headers.get("content-type"), request.headers.get("content-encoding")
    )
    body = BodyReader(request, Pace.of(context.settings))
    limit = context.settings.max_upload_bytes
    reception = Reception(context.storage, boundary, max_bytes=limit)
    try:
        # The storage is asked for room, which may take as long as a network does.
        await run_in_threadpool(_check_length, request, context, user_id)
        async for batch in body.read_batches():
            await run_in_threadpool(reception.feed, bytes(batch))
        return await run_in_threadpool(_submit, context, reception, user_id, key)
    except BaseException as error:
        await run_in_threadpool(reception.discard)
        count_refused(context)
        if isinstance(error, ServiceError):
            await body.linger()
        raise


def _check_length(request: Request, context: Context, user_id: str) -> None:
    length = request.headers.get("content-length")
    if length is None:
        return
    if not length.isdecimal():
        raise BadRequestError("Content-Length is not a number.")
    if int(length[:20]) > context.settings.max_upload_bytes + FORM_ALLOWANCE_BYTES:
        raise build_size_refusal(context.settings.max_upload_bytes)
    context.storage.check_space(int(length))
    with context.database.snapshot() as session:
        # The body is longer than its file; the file itself is counted when it is there.
        least = max(0, int(length) - FORM_ALLOWANCE_BYTES)
        check_room(session, user_id, least, Allowance.of(context.settings))


def _submit(context: Context, reception: Reception, user_id: str, key: str | None) -> Acceptance:
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
        allowance=Allowance.of(context.settings),
        reuse=form.reuse,
    )
    return submit_stored(context, submission, reception.keep)
