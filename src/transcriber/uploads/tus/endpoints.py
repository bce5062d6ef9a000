"""tus 1.0 over HTTP."""

from email.utils import format_datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request, Response, status

from transcriber.accounts.dependencies import CurrentAccount
from transcriber.infra.clock import read_database_time
from transcriber.infra.dependencies import CurrentContext, Read
from transcriber.infra.errors import (
    BadRequestError,
    ConflictError,
    ForbiddenError,
    InvalidError,
    NotFoundError,
    RateLimitedError,
    RequestTimeoutError,
    StorageFullError,
    TooLargeError,
    UnauthenticatedError,
    UnsupportedError,
)
from transcriber.infra.idempotency_header import GivenKey
from transcriber.infra.problems import declare_problems
from transcriber.infra.storage.parts import PartBusyError
from transcriber.uploads import repository
from transcriber.uploads.appending import OffsetError
from transcriber.uploads.dependencies import CurrentThreads, CurrentVerifier, Uploads
from transcriber.uploads.errors import UploadGoneError, UploadStateError
from transcriber.uploads.models import TUS, Upload
from transcriber.uploads.outcome import await_outcome
from transcriber.uploads.service import build_unknown_upload, require_present
from transcriber.uploads.states import UploadState
from transcriber.uploads.tus.creation import Announcement, create_upload, join_uploads_of
from transcriber.uploads.tus.errors import BodyChecksumError, VersionError
from transcriber.uploads.tus.headers import (
    ALGORITHMS,
    CONTENT_TYPE,
    EXTENSIONS,
    PATH,
    VERSION,
    read_concat,
    read_count,
    read_offset,
)
from transcriber.uploads.tus.receiving import Place, Receiver, receive_bytes

router = APIRouter(prefix=PATH, tags=["uploads"])

UploadId = Annotated[str, Path(pattern="^[0-9a-f]{32}$")]
COMMON = (BadRequestError, UnauthenticatedError, VersionError)
TAKING = (
    RequestTimeoutError,
    TooLargeError,
    UnsupportedError,
    PartBusyError,
    BodyChecksumError,
    StorageFullError,
)


def get_receiver(
    context: CurrentContext, threads: CurrentThreads, verifier: CurrentVerifier
) -> Receiver:
    """The parts of this process that take bytes."""
    return Receiver(context, threads, verifier)


CurrentReceiver = Annotated[Receiver, Depends(get_receiver)]


@router.options("", status_code=status.HTTP_204_NO_CONTENT, include_in_schema=False)
@router.options("/{_rest:path}", status_code=status.HTTP_204_NO_CONTENT, include_in_schema=False)
def describe_tus(context: CurrentContext, response: Response) -> None:
    """What of tus is spoken here; anybody may ask."""
    response.headers["Tus-Version"] = VERSION
    response.headers["Tus-Extension"] = EXTENSIONS
    response.headers["Tus-Max-Size"] = str(context.settings.max_upload_bytes)
    response.headers["Tus-Checksum-Algorithm"] = ",".join(ALGORITHMS)


@router.post("/", status_code=status.HTTP_201_CREATED, include_in_schema=False)
@router.post(
    "",
    status_code=status.HTTP_201_CREATED,
    responses=declare_problems(
        *COMMON,
        *TAKING,
        ForbiddenError,
        NotFoundError,
        ConflictError,
        UploadGoneError,
        InvalidError,
        RateLimitedError,
    ),
)
async def create_tus_upload(
    request: Request, receiver: CurrentReceiver, account: CurrentAccount, key: GivenKey
) -> Response:
    """Begin an upload by its `Upload-Length`, or join those that `Upload-Concat` names.

    The body may bring the first bytes.
    """
    headers = request.headers
    brings_bytes = headers.get("content-type") == CONTENT_TYPE
    has_body = headers.get("content-length", "0") != "0" or "transfer-encoding" in headers
    if has_body and not brings_bytes:
        raise UnsupportedError(f"Send the first bytes as {CONTENT_TYPE}.")
    if "upload-defer-length" in headers:
        raise BadRequestError(
            "The length must be known: send Upload-Length.", code="bad_upload_length"
        )
    length = headers.get("upload-length")
    concat = read_concat(headers.get("upload-concat"))
    announced = Announcement(
        user_id=account.user_id,
        size_bytes=None if length is None else read_count("Upload-Length", length),
        metadata=headers.get("upload-metadata"),
        concat=concat,
        idempotency_key=key,
    )
    if concat is not None and not concat.is_piece:
        return await _join(receiver, announced)
    upload = await receiver.threads.run(create_upload, receiver.context, announced)
    answer = {"Location": f"{PATH}/{upload.id}"}
    if brings_bytes:
        if upload.offset == 0 and upload.state == UploadState.RECEIVING:
            place = Place(account.user_id, upload.id, 0)
            upload = await receive_bytes(request, receiver, place)
        answer |= await _describe_progress(receiver, upload)
    return _answer(status.HTTP_201_CREATED, {**_describe_expiry(upload), **answer})


@router.head(
    "/{upload_id}",
    responses=declare_problems(*COMMON, NotFoundError, UploadGoneError),
)
def find_tus_offset(upload_id: UploadId, session: Read, account: CurrentAccount) -> Response:
    """Where the upload goes on."""
    upload = repository.find_upload(session, account.user_id, upload_id)
    if upload is None or upload.protocol != TUS:
        raise build_unknown_upload()
    require_present(upload, read_database_time(session))
    headers = {"Upload-Length": str(upload.size_bytes), **_describe_expiry(upload)}
    # Of one that is joined from others there is none before it is done.
    if not upload.is_joined or upload.state == UploadState.COMPLETED:
        headers["Upload-Offset"] = str(_find_offset(upload))
    if upload.tus_metadata:
        headers["Upload-Metadata"] = upload.tus_metadata
    if upload.concat:
        headers["Upload-Concat"] = upload.concat
    return _answer(status.HTTP_200_OK, headers)


@router.patch(
    "/{upload_id}",
    status_code=status.HTTP_204_NO_CONTENT,
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {CONTENT_TYPE: {"schema": {"type": "string", "format": "binary"}}},
        }
    },
    responses=declare_problems(
        *COMMON,
        *TAKING,
        ForbiddenError,
        NotFoundError,
        OffsetError,
        UploadGoneError,
        InvalidError,
    ),
)
async def append_tus_bytes(
    upload_id: UploadId, request: Request, receiver: CurrentReceiver, account: CurrentAccount
) -> Response:
    """Add bytes from `Upload-Offset` on; the last ones have the upload verified and made a job."""
    if request.headers.get("content-type") != CONTENT_TYPE:
        raise UnsupportedError(f"Send the body as {CONTENT_TYPE}.")
    offset = read_offset(request.headers.get("upload-offset"))
    upload = await receive_bytes(request, receiver, Place(account.user_id, upload_id, offset))
    headers = {**_describe_expiry(upload), **await _describe_progress(receiver, upload)}
    return _answer(status.HTTP_204_NO_CONTENT, headers)


@router.delete(
    "/{upload_id}",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=declare_problems(*COMMON, NotFoundError, UploadStateError),
)
def terminate_tus_upload(upload_id: UploadId, uploads: Uploads, account: CurrentAccount) -> None:
    """Give up an upload: its bytes and its reservation go at once."""
    uploads.cancel(account.user_id, upload_id)


async def _join(receiver: Receiver, announced: Announcement) -> Response:
    upload, claim = await receiver.threads.run(
        join_uploads_of, receiver.context, announced, receiver.verifier.owner
    )
    if claim is not None:
        receiver.verifier.start(claim)
    headers = {"Location": f"{PATH}/{upload.id}", **await _describe_job(receiver, upload)}
    return _answer(status.HTTP_201_CREATED, headers)


async def _describe_progress(receiver: Receiver, upload: Upload) -> dict[str, str]:
    return {"Upload-Offset": str(_find_offset(upload)), **await _describe_job(receiver, upload)}


async def _describe_job(receiver: Receiver, upload: Upload) -> dict[str, str]:
    """The job that a whole upload has become, if that took no longer than a moment."""
    if upload.state == UploadState.RECEIVING:
        return {}
    outcome = await await_outcome(
        receiver.context, receiver.threads, receiver.verifier, upload.user_id, upload.id
    )
    return {"Job-Id": outcome.job.view.job.id} if outcome.job else {}


def _find_offset(upload: Upload) -> int:
    return upload.offset if upload.state == UploadState.RECEIVING else upload.size_bytes


def _describe_expiry(upload: Upload) -> dict[str, str]:
    if upload.state != UploadState.RECEIVING:
        return {}
    return {"Upload-Expires": format_datetime(upload.expires_at, usegmt=True)}


def _answer(code: int, headers: dict[str, str]) -> Response:
    return Response(status_code=code, headers={"Cache-Control": "no-store", **headers})
