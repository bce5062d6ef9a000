"""Transcripts over HTTP: read, list, export, delete."""

from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter, Query, status
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
from transcriber.transcripts.dependencies import JobId
from transcriber.transcripts.errors import TranscriptGoneError
from transcriber.transcripts.list_queries import TranscriptListQuery
from transcriber.transcripts.schemas import (
    MAX_INTEGER,
    ExportQuery,
    SegmentPage,
    SegmentRead,
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
    limit: SegmentLimit = 200,
) -> SegmentPage:
    """A long transcript piece by piece."""
    transcript = service.require_transcript(session, account.user_id, job_id)
    chosen = service.choose_revision(transcript, revision)
    rows = service.list_segments(
        session, transcript, chosen, after=after, ending_after=from_seconds, limit=limit + 1
    )
    page = rows[:limit]
    return SegmentPage(
        revision=chosen,
        items=[SegmentRead.model_validate(row) for row in page],
        next_after=page[-1].index if len(rows) > limit else None,
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
        UnauthenticatedError, NotFoundError, TranscriptGoneError, InvalidError
    )
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
