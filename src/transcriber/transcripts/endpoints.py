"""Transcripts over HTTP: read, list, export."""

from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter, Path, Query, Response
from fastapi.responses import StreamingResponse

from transcriber.accounts.dependencies import CurrentAccount
from transcriber.formats import Format
from transcriber.infra.dependencies import Read
from transcriber.infra.download import DownloadResponse
from transcriber.infra.errors import InvalidError, NotFoundError, UnauthenticatedError
from transcriber.infra.paging import CursorText, Limit, decode_cursor, encode_cursor
from transcriber.infra.problems import declare_problems
from transcriber.transcripts import service
from transcriber.transcripts.chunks import gather_chunks
from transcriber.transcripts.documents import DocumentSource
from transcriber.transcripts.export_choice import settle_choice
from transcriber.transcripts.export_desk import ExportsBusyError, TooManyExportsError
from transcriber.transcripts.export_files import CurrentExportDesk, build_headers, describe_file
from transcriber.transcripts.schemas import (
    ExportQuery,
    SegmentRead,
    TranscriptPage,
    TranscriptRead,
    TranscriptSummary,
)

router = APIRouter(prefix="/transcripts", tags=["transcripts"])

JobId = Annotated[str, Path(pattern="^[0-9a-f]{32}$")]


@router.get("/", responses=declare_problems(UnauthenticatedError, InvalidError))
def list_transcripts(
    session: Read, account: CurrentAccount, limit: Limit = 50, cursor: CursorText = None
) -> TranscriptPage:
    """The caller's transcripts, newest first."""
    rows = service.list_transcripts(
        session, account.user_id, after=decode_cursor(cursor), limit=limit + 1
    )
    page = rows[:limit]
    following = encode_cursor(page[-1].created_at, page[-1].job_id) if len(rows) > limit else None
    items = [TranscriptSummary.model_validate(row) for row in page]
    return TranscriptPage(items=items, next_cursor=following)


@router.get("/{job_id}", responses=declare_problems(UnauthenticatedError, NotFoundError))
def read_transcript(job_id: JobId, session: Read, account: CurrentAccount) -> TranscriptRead:
    """The whole transcript of a completed job."""
    stored = service.read_transcript(session, account.user_id, job_id)
    segments = [
        SegmentRead.model_validate({"index": index, **asdict(segment)})
        for index, segment in enumerate(stored.transcript.segments)
    ]
    return TranscriptRead.model_validate(
        {
            **TranscriptSummary.model_validate(stored.row).model_dump(),
            "segments": segments,
            "dropped": [asdict(each) for each in stored.transcript.dropped],
        }
    )


@router.get(
    "/{job_id}/export",
    response_class=StreamingResponse,
    responses=declare_problems(
        UnauthenticatedError, NotFoundError, InvalidError, TooManyExportsError, ExportsBusyError
    )
    | describe_file("application/octet-stream", "The file, as an attachment."),
)
def export_transcript(
    job_id: JobId,
    session: Read,
    account: CurrentAccount,
    query: Annotated[ExportQuery, Query()],
    desk: CurrentExportDesk,
) -> Response:
    """The transcript as a file; the limits apply to subtitles.

    A part that the format cannot show or hide is refused.
    """
    choice = settle_choice(query)
    stored = service.read_transcript(session, account.user_id, job_id)
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
