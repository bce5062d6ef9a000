"""Search over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Query

from transcriber.accounts.dependencies import CurrentAccount
from transcriber.infra.dependencies import Read
from transcriber.infra.errors import InvalidError, UnauthenticatedError
from transcriber.infra.places import decode_place, encode_place, refuse_place
from transcriber.infra.problems import declare_problems
from transcriber.transcripts.search import service
from transcriber.transcripts.search.models import LAST_ID
from transcriber.transcripts.search.query import parse_query
from transcriber.transcripts.search.schemas import HitPageRead, HitRead, TranscriptSearchQuery

router = APIRouter(prefix="/transcripts", tags=["transcripts"])


@router.get("/search", responses=declare_problems(UnauthenticatedError, InvalidError))
def search_transcripts(
    session: Read, account: CurrentAccount, query: Annotated[TranscriptSearchQuery, Query()]
) -> HitPageRead:
    """Find what was said in the caller's transcripts, and when."""
    page = service.search_transcripts(
        session,
        account.user_id,
        parse_query(query.q),
        query.build_filter(),
        job_id=query.job_id,
        after=_read_after(query.cursor),
        limit=query.limit,
    )
    following = None if page.after is None else encode_place(page.after)
    return HitPageRead(items=[HitRead.of(hit) for hit in page.hits], next_cursor=following)


def _read_after(cursor: str | None) -> int:
    if cursor is None:
        return -1
    (after,) = decode_place(cursor, int)
    if not 0 <= after <= LAST_ID:
        raise refuse_place()
    return int(after)
