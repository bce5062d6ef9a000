"""One's own sign-ins over HTTP: seeing where one is signed in, and ending it."""

from typing import Annotated

from fastapi import APIRouter, Path, Response, status

from transcriber.accounts.callers import SessionRequiredError
from transcriber.accounts.dependencies import CurrentSession
from transcriber.accounts.models import AccountSession
from transcriber.accounts.repository import AccountRepository
from transcriber.accounts.service import SignedIn
from transcriber.accounts.sessions import CrossSiteError, delete_cookies
from transcriber.accounts.sign_ins import repository
from transcriber.accounts.sign_ins.schemas import SessionRead
from transcriber.infra.clock import read_database_time
from transcriber.infra.dependencies import Read, Work
from transcriber.infra.errors import InvalidError, NotFoundError, UnauthenticatedError
from transcriber.infra.paging import CursorText, Limit, Page, decode_cursor, encode_cursor
from transcriber.infra.problems import declare_problems

router = APIRouter(prefix="/auth/sessions", tags=["accounts"])

SessionId = Annotated[str, Path(pattern="^[0-9a-f]{32}$")]


@router.get(
    "", responses=declare_problems(UnauthenticatedError, SessionRequiredError, InvalidError)
)
def list_sessions(
    signed_in: CurrentSession, session: Read, limit: Limit = 50, cursor: CursorText = None
) -> Page[SessionRead]:
    """Where the caller is signed in, newest first."""
    rows = repository.list_sessions(
        session,
        signed_in.principal.user_id,
        read_database_time(session),
        after=decode_cursor(cursor),
        limit=limit + 1,
    )
    page = rows[:limit]
    return Page(
        items=[_read_row(row, signed_in) for row in page],
        next_cursor=encode_cursor(page[-1].created_at, page[-1].id) if len(rows) > limit else None,
    )


@router.delete(
    "/{session_id}",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=declare_problems(
        UnauthenticatedError, SessionRequiredError, CrossSiteError, NotFoundError
    ),
)
def end_session(
    session_id: SessionId, signed_in: CurrentSession, uow: Work, response: Response
) -> None:
    """End one of the caller's sign-ins; its cookie or token is worthless from now on."""
    user_id = signed_in.principal.user_id
    ended = repository.end_session(
        uow.session, user_id, session_id, read_database_time(uow.session)
    )
    if ended is None:
        raise NotFoundError("There is no such sign-in, or it has ended.")
    AccountRepository(uow.session).record_session_end(session_id, user_id)
    if ended == signed_in.token_hash:
        delete_cookies(response)


@router.delete(
    "",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=declare_problems(UnauthenticatedError, SessionRequiredError, CrossSiteError),
)
def end_other_sessions(signed_in: CurrentSession, uow: Work) -> None:
    """End every sign-in of the caller but the one that asks."""
    user_id = signed_in.principal.user_id
    rows = AccountRepository(uow.session)
    rows.find_locked(user_id)
    rows.revoke_sessions(user_id, rows.read_time(), except_hash=signed_in.token_hash)
    rows.record_account_act("account.end_sessions", user_id, f"account:{user_id}")


def _read_row(row: AccountSession, signed_in: SignedIn) -> SessionRead:
    return SessionRead(
        id=row.id,
        kind="cookie" if row.kind == "cookie" else "bearer",
        device=row.device,
        address=row.address,
        created_at=row.created_at,
        last_used_at=row.last_used_at,
        expires_at=row.expires_at,
        is_current=row.token_hash == signed_in.token_hash,
    )
