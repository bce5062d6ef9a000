"""Transcripts over HTTP: read, list, export, delete."""

from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter, Query, Response, status
from fastapi.responses import StreamingResponse

from transcriber.accounts.dependencies import CurrentAccount
from transcriber.formats import Format
from transcriber.infra.audit import record_act
from transcriber.infra.dependencies import Read, Work
from transcriber.infra.download import DownloadResponse
from transcriber.infra.errors import InvalidError, NotFoundError, UnauthenticatedError
from transcriber.infra.problems import declare_problems
from transcriber.transcripts import service
from transcriber.transcripts.chunks import gather_chunks
from transcriber.transcripts.dependencies import JobId
from transcriber.transcripts.documents import DocumentSource
from transcriber.transcripts.errors import TranscriptGoneError
from transcriber.transcripts.export_choice import settle_choice
from transcriber.transcripts.export_desk import ExportsBusyError, TooManyExportsError
from transcriber.transcripts.export_files import CurrentExportDesk, build_headers, describe_file
from transcriber.transcripts.list_queries import TranscriptListQuery
from transcriber.transcripts.schemas import (
    MAX_INTEGER,
    DroppedRead,
    ExportQuery,
    SegmentPage,
    SegmentRead,
    TranscriptOverview,
    TranscriptPage,
    TranscriptRead,
    TranscriptSummary,
)
from transcriber.transcripts.sorting import Order

router = APIRouter(prefix="/transcripts", tags=["transcripts"])

AtRevision = Annotated[
    int | None,
    Query(ge=0, le=MAX_INTEGER, description="0 is the machine's; the newest where none is asked."),
]
AfterSegment = Annotated[
    int | None, Query(ge=0, le=MAX_INTEGER, description="`next_after` of the page before.")
]
FromSeconds = Annotated[
    float | None,
    Query(ge=0, allow_inf_nan=False, description="Only segments that end later than this."),
]
SkippedSegments = Annotated[
    int, Query(ge=0, le=MAX_INTEGER, description="How many of these segments to pass over.")
]
SegmentLimit = Annotated[int, Query(ge=1, le=1_000, description="Segments on the page.")]


@router.get("/", responses=declare_problems(UnauthenticatedError, InvalidError))
def list_transcripts(
    session: Read, account: CurrentAccount, query: Annotated[TranscriptListQuery, Query()]
) -> TranscriptPage:
    """The caller's transcripts, newest first or as `sort` says."""
    order = Order.read(query.sort, query.cursor)
    rows = service.list_transcripts(
        session, account.user_id, query.build_filter(), order, limit=query.limit + 1
    )
    page = rows[: query.limit]
    items = [TranscriptSummary.model_validate(row) for row in page]
    following = order.write(page[-1]) if len(rows) > query.limit else None
    return TranscriptPage(items=items, next_cursor=following)


@router.get(
    "/{job_id}",
    responses=declare_problems(
        UnauthenticatedError, NotFoundError, TranscriptGoneError, InvalidError
    ),
)
def read_transcript(
    job_id: JobId, session: Read, account: CurrentAccount, revision: AtRevision = None
) -> TranscriptRead:
    """The whole transcript of a completed job."""
    stored = service.read_transcript(session, account.user_id, job_id, revision)
    segments = [
        SegmentRead.model_validate({"index": index, **service.describe_segment(segment)})
        for index, segment in zip(stored.indexes, stored.transcript.segments, strict=True)
    ]
    return TranscriptRead.model_validate(
        {
            **TranscriptSummary.model_validate(stored.row).model_dump(),
            "revision": stored.revision,
            "segment_count": len(segments),
            "segments": segments,
            "dropped": [asdict(each) for each in stored.transcript.dropped],
        }
    )


@router.get(
    "/{job_id}/segments",
    responses=declare_problems(
        UnauthenticatedError, NotFoundError, TranscriptGoneError, InvalidError
    ),
)
def list_segments(
    *,
    job_id: JobId,
    session: Read,
    account: CurrentAccount,
    revision: AtRevision = None,
    after: AfterSegment = None,
    from_seconds: FromSeconds = None,
    offset: SkippedSegments = 0,
    limit: SegmentLimit = 200,
) -> SegmentPage:
    """A long transcript piece by piece."""
    transcript = service.require_transcript(session, account.user_id, job_id)
    chosen = service.choose_revision(transcript, revision)
    found = service.list_segments(
        session,
        transcript,
        chosen,
        after=after,
        ending_after=from_seconds,
        skip=offset,
        limit=limit,
    )
    return SegmentPage(
        revision=chosen,
        offset=found.offset,
        total=found.total,
        items=[SegmentRead.model_validate(row) for row in found.rows],
        next_after=None if found.is_last else found.rows[-1].index,
    )


@router.get(
    "/{job_id}/overview",
    responses=declare_problems(
        UnauthenticatedError, NotFoundError, TranscriptGoneError, InvalidError
    ),
)
def read_overview(job_id: JobId, session: Read, account: CurrentAccount) -> TranscriptOverview:
    """The transcript without its segments: what it is, and what was left out of it."""
    row, dropped = service.read_overview(session, account.user_id, job_id)
    return TranscriptOverview.model_validate(
        {
            **TranscriptSummary.model_validate(row).model_dump(),
            "dropped": [DroppedRead.model_validate(each) for each in dropped],
        }
    )


@router.delete(
    "/{job_id}",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=declare_problems(UnauthenticatedError, NotFoundError, InvalidError),
)
def delete_transcript(job_id: JobId, uow: Work, account: CurrentAccount) -> None:
    """Delete text, history and tags for good; the job and its recording stay.

    A second time changes nothing.
    """
    service.delete_transcript(uow.session, account.user_id, job_id)


@router.get(
    "/{job_id}/export",
    response_class=StreamingResponse,
    responses=declare_problems(
        *(UnauthenticatedError, NotFoundError, TranscriptGoneError),
        *(InvalidError, TooManyExportsError, ExportsBusyError),
    )
    | describe_file("application/octet-stream", "The file, as an attachment."),
)
def export_transcript(
    *,
    job_id: JobId,
    session: Read,
    uow: Work,
    account: CurrentAccount,
    query: Annotated[ExportQuery, Query()],
    desk: CurrentExportDesk,
) -> Response:
    """The transcript as a file; the limits apply to subtitles.

    A part that the format cannot show or hide is refused.
    """
    choice = settle_choice(query)
    stored = service.read_transcript(session, account.user_id, job_id, query.revision)
    record_act(
        uow.session,
        actor=f"account:{account.user_id}",
        action="transcript.export",
        object_id=job_id,
        user_id=account.user_id,
        detail=query.format,
    )
    kind = choice.kind
    headers = build_headers(stored.row.name, kind.extension)
    if isinstance(kind, Format):
        parts = gather_chunks(kind.render(stored.transcript, choice.selection))
        return StreamingResponse(parts, media_type=kind.media_type, headers=headers)
    return DownloadResponse(
        DocumentSource(desk, choice, stored),
        desk.threads,
        headers=headers,
        media_type=kind.media_type,
        stall_seconds=desk.stall_seconds,
    )
