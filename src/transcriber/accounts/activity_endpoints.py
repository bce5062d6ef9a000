"""What was done to an account's things, for its owner."""

from fastapi import APIRouter

from transcriber.accounts.activity_schemas import ActivityRead
from transcriber.accounts.callers import SessionRequiredError
from transcriber.accounts.dependencies import CurrentSession
from transcriber.infra.audit import list_acts_on
from transcriber.infra.audit_paging import read_entry_id, write_cursor
from transcriber.infra.dependencies import Read
from transcriber.infra.errors import InvalidError, UnauthenticatedError
from transcriber.infra.paging import CursorText, Limit, Page
from transcriber.infra.problems import declare_problems

router = APIRouter(tags=["accounts"])


@router.get(
    "/auth/activity",
    responses=declare_problems(UnauthenticatedError, SessionRequiredError, InvalidError),
)
def list_activity(
    signed_in: CurrentSession, session: Read, limit: Limit = 50, cursor: CursorText = None
) -> Page[ActivityRead]:
    """What you, administrators and the service did to what is yours, newest first."""
    user_id = signed_in.principal.user_id
    before = read_entry_id(cursor)
    rows = list_acts_on(session, user_id, before=before, limit=limit + 1)
    page = rows[:limit]
    return Page(
        items=[ActivityRead.show(row, user_id) for row in page],
        next_cursor=write_cursor(page[-1]) if len(rows) > limit else None,
    )
