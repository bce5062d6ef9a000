"""The history of transcripts over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Path, Query

from transcriber.accounts.dependencies import CurrentAccount
from transcriber.infra.dependencies import CurrentContext, Read, Work
from transcriber.infra.errors import InvalidError, NotFoundError, UnauthenticatedError
from transcriber.infra.paging import Limit
from transcriber.infra.problems import declare_problems
from transcriber.transcripts.changes import write_change
from transcriber.transcripts.dependencies import JobId
from transcriber.transcripts.errors import (
    RevisionConflictError,
    TooManyVersionsError,
    TranscriptGoneError,
)
from transcriber.transcripts.revisions import repository, service
from transcriber.transcripts.revisions.differences import Passage, compare_texts
from transcriber.transcripts.revisions.schemas import (
    PassageRead,
    PieceRead,
    RestoreRequest,
    RestoreResult,
    RevisionDiff,
    RevisionPage,
    RevisionRead,
    SegmentVersion,
)
from transcriber.transcripts.schemas import MAX_INTEGER
from transcriber.transcripts.service import choose_revision, require_transcript

router = APIRouter(prefix="/transcripts/{job_id}/revisions", tags=["transcripts"])

Number = Annotated[int, Path(ge=0, le=MAX_INTEGER, description="0 is the machine's.")]
Before = Annotated[
    int | None, Query(ge=0, le=MAX_INTEGER, description="`next_before` of the page before.")
]
Against = Annotated[
    int | None,
    Query(ge=0, le=MAX_INTEGER, description="The earlier of the two; the one before if not sent."),
]
Offset = Annotated[
    int, Query(ge=0, le=MAX_INTEGER, description="`next_offset` of the page before.")
]


@router.get(
    "",
    responses=declare_problems(
        UnauthenticatedError, NotFoundError, TranscriptGoneError, InvalidError
    ),
)
def list_revisions(
    job_id: JobId, session: Read, account: CurrentAccount, limit: Limit = 50, before: Before = None
) -> RevisionPage:
    """What was corrected, newest first."""
    transcript = require_transcript(session, account.user_id, job_id)
    rows = repository.list_revisions(session, transcript, before=before, limit=limit + 1)
    page = rows[:limit]
    return RevisionPage(
        items=[RevisionRead.model_validate(row) for row in page],
        next_before=page[-1].number if len(rows) > limit else None,
    )


@router.get(
    "/{number}/diff",
    responses=declare_problems(
        UnauthenticatedError, NotFoundError, TranscriptGoneError, InvalidError
    ),
)
def compare_revisions(
    *,
    job_id: JobId,
    number: Number,
    session: Read,
    account: CurrentAccount,
    against: Against = None,
    limit: Limit = 50,
    offset: Offset = 0,
) -> RevisionDiff:
    """What a revision has that another has not, and the other way round."""
    transcript = require_transcript(session, account.user_id, job_id)
    after = choose_revision(transcript, number)
    before = choose_revision(transcript, max(0, number - 1) if against is None else against)
    passages = service.compare_revisions(session, transcript, before, after)
    end = offset + limit
    return RevisionDiff(
        revision=after,
        against=before,
        total=len(passages),
        items=[_show_passage(each) for each in passages[offset:end]],
        next_offset=end if len(passages) > end else None,
    )


@router.post(
    "/{number}/restore",
    responses=declare_problems(
        UnauthenticatedError,
        NotFoundError,
        TranscriptGoneError,
        RevisionConflictError,
        TooManyVersionsError,
        InvalidError,
    ),
)
def restore_revision(
    job_id: JobId,
    number: Number,
    body: RestoreRequest,
    *,
    uow: Work,
    account: CurrentAccount,
    context: CurrentContext,
) -> RestoreResult:
    """Make the content of an earlier revision the newest; the history stays."""
    user_id = account.user_id
    with context.database.snapshot() as session:
        change = service.plan_restore(session, user_id, job_id, number, based_on=body.revision)
    return RestoreResult(revision=write_change(uow.session, user_id, job_id, change).revision)


def _show_passage(passage: Passage) -> PassageRead:
    return PassageRead(
        start=passage.start,
        end=passage.end,
        before=[SegmentVersion.model_validate(each) for each in passage.before],
        after=[SegmentVersion.model_validate(each) for each in passage.after],
        pieces=[PieceRead.model_validate(each) for each in compare_texts(passage)],
    )
