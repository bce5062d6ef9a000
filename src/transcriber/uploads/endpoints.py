"""Uploads in chunks over HTTP: the canonical protocol."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response, status

from transcriber.accounts.dependencies import CurrentAccount
from transcriber.infra.clock import read_database_time
from transcriber.infra.dependencies import CurrentContext, Read
from transcriber.infra.errors import (
    BadRequestError,
    ConflictError,
    InvalidError,
    NotFoundError,
    RateLimitedError,
    RequestTimeoutError,
    StorageFullError,
    TooLargeError,
    UnauthenticatedError,
    UnavailableError,
    UnsupportedError,
)
from transcriber.infra.idempotency_header import GivenKey
from transcriber.infra.paging import CursorText, Limit, decode_cursor, encode_cursor
from transcriber.infra.problems import declare_problems
from transcriber.infra.storage.parts import PartBusyError
from transcriber.jobs.schemas import JobAccepted, show_acceptance
from transcriber.jobs.staged import choose_model
from transcriber.uploads import repository
from transcriber.uploads.dependencies import CurrentThreads, CurrentVerifier, Uploads
from transcriber.uploads.errors import (
    ChecksumMismatchError,
    UploadGoneError,
    UploadIncompleteError,
    UploadStateError,
)
from transcriber.uploads.layout import read_chunk_number
from transcriber.uploads.outcome import finalize
from transcriber.uploads.receiving import receive_chunk
from transcriber.uploads.schemas import (
    ChunkRead,
    UploadPage,
    UploadRead,
    UploadRequest,
    show_chunk,
    show_upload,
)
from transcriber.uploads.service import (
    UploadView,
    build_unknown_upload,
    describe_upload,
    require_present,
)
from transcriber.uploads.states import UploadState

router = APIRouter(prefix="/uploads", tags=["uploads"])

UploadId = Annotated[str, Path(pattern="^[0-9a-f]{32}$")]
States = Annotated[list[UploadState] | None, Query(description="Only uploads in these states.")]
RETRY_AFTER_SECONDS = "2"
CHUNK_BODY = {
    "requestBody": {
        "required": True,
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    },
    "parameters": [
        {
            "name": "Content-Digest",
            "in": "header",
            "required": False,
            "description": "RFC 9530, as in `sha-256=:BASE64:`; `sha-512` is known too.",
            "schema": {"type": "string"},
        }
    ],
}
INITIALIZE_REFUSALS = (
    UnauthenticatedError,
    ConflictError,
    TooLargeError,
    InvalidError,
    RateLimitedError,
    StorageFullError,
)
CHUNK_REFUSALS = (
    BadRequestError,
    UnauthenticatedError,
    NotFoundError,
    RequestTimeoutError,
    UploadStateError,
    UploadGoneError,
    TooLargeError,
    UnsupportedError,
    ChecksumMismatchError,
    PartBusyError,
    StorageFullError,
    UnavailableError,
)


@router.post(
    "/",
    status_code=status.HTTP_201_CREATED,
    responses=declare_problems(*INITIALIZE_REFUSALS),
)
def initialize_upload(
    *,
    body: UploadRequest,
    response: Response,
    context: CurrentContext,
    uploads: Uploads,
    account: CurrentAccount,
    key: GivenKey,
) -> UploadRead:
    """Announce a recording to be sent in chunks; its size is reserved, its options are final."""
    model = choose_model(context.settings, body.options.model)
    view = uploads.initialize(body.build_upload(account.user_id, model, key))
    response.headers["Location"] = f"/uploads/{view.upload.id}"
    return show_upload(view)


@router.get("/", responses=declare_problems(UnauthenticatedError, InvalidError))
def list_uploads(
    session: Read,
    account: CurrentAccount,
    state: States = None,
    limit: Limit = 50,
    cursor: CursorText = None,
) -> UploadPage:
    """The caller's uploads, newest first; those that ended are listed for a week."""
    rows = repository.list_uploads(
        session,
        account.user_id,
        states=state or [],
        after=decode_cursor(cursor),
        limit=limit + 1,
    )
    page = rows[:limit]
    return UploadPage(
        items=[show_upload(UploadView(upload=upload)) for upload in page],
        next_cursor=encode_cursor(page[-1].created_at, page[-1].id) if len(rows) > limit else None,
    )


@router.get(
    "/{upload_id}",
    responses=declare_problems(UnauthenticatedError, NotFoundError, UploadGoneError),
)
def read_upload(upload_id: UploadId, session: Read, account: CurrentAccount) -> UploadRead:
    """State and missing chunks: what to send, or send again, after whatever happened."""
    upload = repository.find_upload(session, account.user_id, upload_id)
    if upload is None:
        raise build_unknown_upload()
    require_present(upload, read_database_time(session))
    return show_upload(describe_upload(session, upload))


@router.put(
    "/{upload_id}/chunks/{number}",
    openapi_extra=CHUNK_BODY,
    responses=declare_problems(*CHUNK_REFUSALS),
)
async def send_chunk(
    *,
    upload_id: UploadId,
    number: str,
    request: Request,
    context: CurrentContext,
    threads: CurrentThreads,
    account: CurrentAccount,
) -> ChunkRead:
    """Send chunk `number`, counted from 0: in any order, side by side, and as often as it takes.

    The answer comes once the bytes are durable.
    """
    chunk = await receive_chunk(
        request,
        context,
        threads,
        user_id=account.user_id,
        upload_id=upload_id,
        number=read_chunk_number(number),
    )
    return show_chunk(chunk)


@router.post(
    "/{upload_id}/finalize",
    status_code=status.HTTP_201_CREATED,
    response_model=JobAccepted,
    responses={
        status.HTTP_202_ACCEPTED: {
            "model": UploadRead,
            "description": "The verification takes longer: ask the Location for its end.",
        },
        **declare_problems(
            UnauthenticatedError,
            NotFoundError,
            UploadIncompleteError,
            UploadGoneError,
            ChecksumMismatchError,
        ),
    },
)
async def finalize_upload(
    upload_id: UploadId,
    context: CurrentContext,
    threads: CurrentThreads,
    verifier: CurrentVerifier,
    account: CurrentAccount,
) -> Response:
    """Verify what was received and make it a job; asking again gives the same job."""
    outcome = await finalize(context, threads, verifier, account.user_id, upload_id)
    if outcome.job is None:
        return _answer(
            show_upload(outcome.view),
            status.HTTP_202_ACCEPTED,
            {"Location": f"/uploads/{upload_id}", "Retry-After": RETRY_AFTER_SECONDS},
        )
    location = {"Location": f"/jobs/{outcome.job.view.job.id}"}
    return _answer(show_acceptance(outcome.job), status.HTTP_201_CREATED, location)


@router.delete(
    "/{upload_id}",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=declare_problems(UnauthenticatedError, NotFoundError, UploadStateError),
)
def cancel_upload(upload_id: UploadId, uploads: Uploads, account: CurrentAccount) -> None:
    """Give up an upload: its bytes and its reservation go at once."""
    uploads.cancel(account.user_id, upload_id)


def _answer(body: UploadRead | JobAccepted, code: int, headers: dict[str, str]) -> Response:
    return Response(
        body.model_dump_json(), status_code=code, headers=headers, media_type="application/json"
    )
