"""Correcting transcripts over HTTP."""

from fastapi import APIRouter

from transcriber.accounts.dependencies import CurrentAccount
from transcriber.infra.dependencies import CurrentContext, Read, Work
from transcriber.infra.errors import InvalidError, NotFoundError, UnauthenticatedError
from transcriber.infra.problems import declare_problems
from transcriber.transcripts import repository
from transcriber.transcripts.changes import write_change
from transcriber.transcripts.dependencies import JobId
from transcriber.transcripts.editing import service
from transcriber.transcripts.editing.schemas import (
    EditResult,
    ReplaceResult,
    SegmentPreview,
    SpeakerCount,
    SpeakerList,
    SpeakerRenames,
    SpeakerResult,
    TextReplacement,
    TranscriptEdit,
)
from transcriber.transcripts.errors import (
    EditError,
    RevisionConflictError,
    TooManyVersionsError,
    TranscriptGoneError,
)
from transcriber.transcripts.schemas import SegmentRead
from transcriber.transcripts.service import require_transcript

router = APIRouter(prefix="/transcripts", tags=["transcripts"])

MAX_PREVIEW = 100
"""Segments that the answer of a replacement shows."""

REFUSALS = declare_problems(
    UnauthenticatedError,
    NotFoundError,
    TranscriptGoneError,
    RevisionConflictError,
    TooManyVersionsError,
    InvalidError,
    EditError,
)


@router.patch("/{job_id}", responses=REFUSALS)
def edit_transcript(
    job_id: JobId,
    body: TranscriptEdit,
    *,
    uow: Work,
    account: CurrentAccount,
    context: CurrentContext,
) -> EditResult:
    """Correct segments: all operations or none, as one revision."""
    with context.database.snapshot() as session:
        change = service.plan_edit(session, account.user_id, job_id, body)
    written = write_change(uow.session, account.user_id, job_id, change)
    return EditResult(
        revision=written.revision,
        removed=list(written.removed),
        added=[SegmentRead.model_validate(row) for row in written.added],
    )


@router.post("/{job_id}/replace", responses=REFUSALS)
def replace_in_transcript(
    job_id: JobId,
    body: TextReplacement,
    *,
    uow: Work,
    account: CurrentAccount,
    context: CurrentContext,
) -> ReplaceResult:
    """Find and replace in all segments, as one revision; literally, without patterns."""
    with context.database.snapshot() as session:
        plan = service.plan_replacement(session, account.user_id, job_id, body)
    revision = body.revision
    if plan.change is not None:
        revision = write_change(uow.session, account.user_id, job_id, plan.change).revision
    return ReplaceResult(
        revision=revision,
        replacements=sum(each.count for each in plan.found),
        segments=len(plan.found),
        preview=[SegmentPreview.model_validate(each) for each in plan.found[:MAX_PREVIEW]],
    )


@router.get(
    "/{job_id}/speakers",
    responses=declare_problems(UnauthenticatedError, NotFoundError, TranscriptGoneError),
)
def list_speakers(job_id: JobId, session: Read, account: CurrentAccount) -> SpeakerList:
    """Who speaks, and how often."""
    transcript = require_transcript(session, account.user_id, job_id)
    counts = repository.count_speakers(session, transcript)
    items = [SpeakerCount(speaker=speaker, segments=segments) for speaker, segments in counts]
    return SpeakerList(revision=transcript.revision, items=items)


@router.put("/{job_id}/speakers", responses=REFUSALS)
def rename_speakers(
    job_id: JobId,
    body: SpeakerRenames,
    *,
    uow: Work,
    account: CurrentAccount,
    context: CurrentContext,
) -> SpeakerResult:
    """Rename speakers in all segments, as one revision."""
    with context.database.snapshot() as session:
        change = service.plan_renames(session, account.user_id, job_id, body)
    written = write_change(uow.session, account.user_id, job_id, change)
    return SpeakerResult(revision=written.revision, segments=change.count)
