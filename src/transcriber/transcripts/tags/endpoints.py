"""Tags over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Query

from transcriber.accounts.dependencies import CurrentAccount
from transcriber.infra.dependencies import Read, Work
from transcriber.infra.errors import InvalidError, NotFoundError, UnauthenticatedError
from transcriber.infra.paging import Limit
from transcriber.infra.problems import declare_problems
from transcriber.transcripts.dependencies import JobId
from transcriber.transcripts.errors import TranscriptGoneError
from transcriber.transcripts.service import require_transcript
from transcriber.transcripts.tags import repository
from transcriber.transcripts.tags.models import MAX_KEY_LENGTH
from transcriber.transcripts.tags.schemas import TagChoice, TagCount, TagList, TagPage
from transcriber.transcripts.tags.spelling import fold_tags

router = APIRouter(prefix="/transcripts", tags=["transcripts"])

After = Annotated[
    str | None, Query(max_length=MAX_KEY_LENGTH, description="`next_after` of the page before.")
]


@router.get("/tags", responses=declare_problems(UnauthenticatedError, InvalidError))
def list_tags(
    session: Read, account: CurrentAccount, limit: Limit = 200, after: After = None
) -> TagPage:
    """The caller's tags, and how many transcripts have each."""
    rows = repository.count_tags(session, account.user_id, after=after, limit=limit + 1)
    page = rows[:limit]
    return TagPage(
        items=[TagCount(tag=tag, transcripts=count) for _, tag, count in page],
        next_after=page[-1][0] if len(rows) > limit else None,
    )


@router.get(
    "/{job_id}/tags",
    responses=declare_problems(UnauthenticatedError, NotFoundError, TranscriptGoneError),
)
def read_tags(job_id: JobId, session: Read, account: CurrentAccount) -> TagList:
    """The tags of a transcript."""
    require_transcript(session, account.user_id, job_id)
    return TagList(tags=list(repository.list_tags(session, account.user_id, job_id)))


@router.put(
    "/{job_id}/tags",
    responses=declare_problems(
        UnauthenticatedError, NotFoundError, TranscriptGoneError, InvalidError
    ),
)
def set_tags(job_id: JobId, body: TagChoice, uow: Work, account: CurrentAccount) -> TagList:
    """Give a transcript these tags and no others; who sends last decides."""
    # Under the lock, so that a transcript that is being deleted gets none.
    require_transcript(uow.session, account.user_id, job_id, lock=True)
    folded = fold_tags(body.tags)
    repository.replace_tags(uow.session, account.user_id, job_id, folded)
    return TagList(tags=[folded[key] for key in sorted(folded)])
