"""Transcripts over HTTP: read, list, export."""

from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter, Path, Query
from fastapi.responses import StreamingResponse

from transcriber.accounts.dependencies import CurrentAccount
from transcriber.engine.errors import OptionsError
from transcriber.formats import SubtitleOptions, find_format
from transcriber.infra.audit import record_act
from transcriber.infra.dependencies import Read, Work
from transcriber.infra.errors import InvalidError, NotFoundError, UnauthenticatedError
from transcriber.infra.problems import declare_problems
from transcriber.recordings.names import build_disposition
from transcriber.transcripts import service
from transcriber.transcripts.chunks import gather_chunks
from transcriber.transcripts.list_queries import TranscriptListQuery
from transcriber.transcripts.schemas import (
    ExportQuery,
    SegmentRead,
    TranscriptPage,
    TranscriptRead,
    TranscriptSummary,
)
from transcriber.transcripts.sorting import Order

router = APIRouter(prefix="/transcripts", tags=["transcripts"])

JobId = Annotated[str, Path(pattern="^[0-9a-f]{32}$")]


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
    responses=declare_problems(UnauthenticatedError, NotFoundError, InvalidError)
    | {
        200: {
            "description": "The file, as an attachment.",
            "content": {
                "application/octet-stream": {"schema": {"type": "string", "format": "binary"}}
            },
        }
    },
)
def export_transcript(
    job_id: JobId,
    session: Read,
    uow: Work,
    account: CurrentAccount,
    query: Annotated[ExportQuery, Query()],
) -> StreamingResponse:
    """The transcript as a file; the limits apply to subtitles."""
    try:
        subtitle = SubtitleOptions(**query.model_dump(exclude={"format"}))
    except OptionsError as error:
        raise InvalidError(str(error), code=error.code) from error
    stored = service.read_transcript(session, account.user_id, job_id)
    chosen = find_format(query.format)
    record_act(
        uow.session,
        actor=f"account:{account.user_id}",
        action="transcript.export",
        object_id=job_id,
        user_id=account.user_id,
        detail=query.format,
    )
    return StreamingResponse(
        gather_chunks(chosen.render(stored.transcript, subtitle)),
        media_type=chosen.media_type,
        headers={
            "Content-Disposition": build_disposition(stored.row.name, chosen.extension),
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "private, no-store",
        },
    )
