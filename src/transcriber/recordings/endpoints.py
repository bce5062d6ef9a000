"""Recordings over HTTP: the list, the facts, playback, the waveform."""

from typing import Annotated, Literal

from fastapi import APIRouter, Header, Path, Query
from starlette.responses import Response, StreamingResponse

from transcriber.accounts.dependencies import CurrentAccount
from transcriber.infra.dependencies import CurrentContext, Read
from transcriber.infra.errors import (
    InvalidError,
    NotFoundError,
    UnauthenticatedError,
    UnavailableError,
)
from transcriber.infra.paging import CursorText, Limit, decode_cursor, encode_cursor
from transcriber.infra.problems import declare_problems
from transcriber.recordings import repository, service
from transcriber.recordings.conditions import is_known
from transcriber.recordings.errors import RangeError, RecordingRemovedError
from transcriber.recordings.peaks_document import (
    BINARY_TYPE,
    JSON_TYPE,
    measure_binary,
    render_binary,
    render_json,
)
from transcriber.recordings.playback import CACHING, MediaRequest, answer_media
from transcriber.recordings.schemas import (
    PeaksDocument,
    RecordingPage,
    RecordingRead,
    show_recording,
)
from transcriber.recordings.waveform import open_waveform

router = APIRouter(prefix="/recordings", tags=["recordings"])

RecordingId = Annotated[str, Path(pattern="^[0-9a-f]{32}$")]
Sha256 = Annotated[
    str | None,
    Query(pattern="^[0-9a-f]{64}$", description="Only recordings of exactly these bytes."),
]
IfNoneMatch = Annotated[
    str | None, Header(alias="If-None-Match", description="An ETag that the client has.")
]
Download = Annotated[bool, Query(description="Have browsers save the file instead of playing it.")]
Points = Annotated[
    int | None,
    Query(ge=1, le=10_000_000, description="At most so many pairs; all there are without."),
]
PeaksFormat = Annotated[
    Literal["json", "dat"], Query(description="`dat` is the same in binary, a third of the size.")
]
_BINARY = {"schema": {"type": "string", "format": "binary"}}
MEDIA_ANSWERS = declare_problems(
    UnauthenticatedError, NotFoundError, RecordingRemovedError, RangeError, UnavailableError
) | {
    200: {"description": "The whole recording.", "content": {"*/*": _BINARY}},
    206: {
        "description": "The ranges asked for; several of them as multipart/byteranges.",
        "content": {"*/*": _BINARY, "multipart/byteranges": _BINARY},
    },
    304: {"description": "The client has this version."},
}


@router.get("/", responses=declare_problems(UnauthenticatedError, InvalidError))
def list_recordings(
    session: Read,
    account: CurrentAccount,
    sha256: Sha256 = None,
    limit: Limit = 50,
    cursor: CursorText = None,
) -> RecordingPage:
    """The caller's recordings, newest first.

    With `sha256` a client learns before it sends anything whether the service has the bytes from
    it already; recordings of other accounts are never looked at.
    """
    rows = repository.list_recordings(
        session, account.user_id, sha256=sha256, after=decode_cursor(cursor), limit=limit + 1
    )
    page = rows[:limit]
    return RecordingPage(
        items=[show_recording(row) for row in page],
        next_cursor=encode_cursor(page[-1].created_at, page[-1].id) if len(rows) > limit else None,
        total=repository.count_recordings(session, account.user_id, sha256=sha256),
    )


@router.get("/{recording_id}", responses=declare_problems(UnauthenticatedError, NotFoundError))
def read_recording(
    recording_id: RecordingId, session: Read, account: CurrentAccount
) -> RecordingRead:
    """What is known of one recording; `GET /jobs/?recording_id=` lists the jobs that use it."""
    return show_recording(service.find_own(session, account.user_id, recording_id))


@router.get("/{recording_id}/media", response_class=Response, responses=MEDIA_ANSWERS)
def read_media(
    *,
    recording_id: RecordingId,
    context: CurrentContext,
    account: CurrentAccount,
    range_header: Annotated[
        str | None,
        Header(alias="Range", description="Bytes to send; at most 16 ranges."),
    ] = None,
    if_range: Annotated[
        str | None,
        Header(alias="If-Range", description="The ETag whose ranges are wanted; the whole else."),
    ] = None,
    if_none_match: IfNoneMatch = None,
    download: Download = False,
) -> Response:
    """The recording's own bytes, for players: ranges, versions and a type that is never guessed."""
    asked = MediaRequest(
        range_header=range_header,
        if_range=if_range,
        if_none_match=if_none_match,
        is_download=download,
    )
    return _answer(context, account.user_id, recording_id, asked)


@router.head("/{recording_id}/media", response_class=Response, responses=MEDIA_ANSWERS)
def measure_media(
    *,
    recording_id: RecordingId,
    context: CurrentContext,
    account: CurrentAccount,
    if_none_match: IfNoneMatch = None,
    download: Download = False,
) -> Response:
    """What `GET` would say of the recording's bytes, without them."""
    asked = MediaRequest(if_none_match=if_none_match, is_download=download, has_body=False)
    return _answer(context, account.user_id, recording_id, asked)


@router.get(
    "/{recording_id}/peaks",
    response_class=StreamingResponse,
    responses=declare_problems(
        UnauthenticatedError, NotFoundError, RecordingRemovedError, InvalidError, UnavailableError
    )
    | {
        200: {
            "description": "The waveform in the data format of audiowaveform 2.",
            "model": PeaksDocument,
            "content": {BINARY_TYPE: _BINARY},
        },
        304: {"description": "The client has this version."},
    },
)
def read_peaks(
    *,
    recording_id: RecordingId,
    context: CurrentContext,
    account: CurrentAccount,
    points: Points = None,
    format: PeaksFormat = "json",  # noqa: A002 -- the parameter's public name, as exports have it
    if_none_match: IfNoneMatch = None,
) -> Response:
    """The recording's waveform: the lowest and highest sample of every 20 ms, or of longer pieces.

    It is there once a job has decoded the recording.
    """
    with context.database.snapshot() as session:
        key = service.find_peaks_key(session, account.user_id, recording_id)
    waveform = open_waveform(context.storage, key, points=points)
    etag = f'"{key.partition("/")[2]}-{waveform.factor}-{format}"'
    headers = {"ETag": etag, "Cache-Control": CACHING, "X-Content-Type-Options": "nosniff"}
    if is_known(if_none_match, etag):
        return Response(status_code=304, headers=headers)
    if format == "json":
        return StreamingResponse(render_json(waveform), media_type=JSON_TYPE, headers=headers)
    headers["Content-Length"] = str(measure_binary(waveform))
    return StreamingResponse(render_binary(waveform), media_type=BINARY_TYPE, headers=headers)


def _answer(
    context: CurrentContext, user_id: str, recording_id: str, asked: MediaRequest
) -> Response:
    # The storage may take as long as a network does, so no transaction is open meanwhile.
    with context.database.snapshot() as session:
        recording = service.find_playable(session, user_id, recording_id)
    return answer_media(context.storage, recording, asked)
