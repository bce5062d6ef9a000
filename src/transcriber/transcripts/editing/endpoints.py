"""Correcting transcripts over HTTP."""

from fastapi import APIRouter

from transcriber.accounts.dependencies import CurrentAccount
from transcriber.infra.dependencies import Read, Work
from transcriber.infra.errors import InvalidError, NotFoundError, UnauthenticatedError
from transcriber.infra.problems import declare_problems
from transcriber.transcripts import repository
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
    job_id: JobId, body: TranscriptEdit, uow: Work, account: CurrentAccount
) -> EditResult:
    """Correct segments: all operations or none, as one revision."""
    written = service.edit_transcript(uow.session, account.user_id, job_id, body)
    return EditResult(
        revision=written.revision,
        removed=list(written.removed),
        added=[SegmentRead.model_validate(row) for row in written.added],
    )


@router.post("/{job_id}/replace", responses=REFUSALS)
def replace_in_transcript(
    job_id: JobId, body: TextReplacement, uow: Work, account: CurrentAccount
) -> ReplaceResult:
    """Find and replace in all segments, as one revision; literally, without patterns."""
    result = service.replace_in_transcript(uow.session, account.user_id, job_id, body)
    preview = [SegmentPreview.model_validate(each) for each in result.found[:MAX_PREVIEW]]
    return ReplaceResult(
        revision=result.revision,
        replacements=sum(each.count for each in result.found),
        segments=len(result.found),
        preview=preview,
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
    job_id: JobId, body: SpeakerRenames, uow: Work, account: CurrentAccount
) -> SpeakerResult:
    """Rename speakers in all segments, as one revision."""
    revision, segments = service.rename_speakers(uow.session, account.user_id, job_id, body)
    return SpeakerResult(revision=revision, segments=segments)
