"""The directory over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Path

from transcriber.accounts.callers import SessionRequiredError
from transcriber.accounts.dependencies import CurrentAdmin, CurrentAdminSession
from transcriber.accounts.directory import repository, service
from transcriber.accounts.directory.schemas import AccountChange, AccountRead
from transcriber.accounts.directory.service import LastAdminError, Standing
from transcriber.accounts.sessions import CrossSiteError
from transcriber.infra.dependencies import Read, Work
from transcriber.infra.errors import (
    ForbiddenError,
    InvalidError,
    NotFoundError,
    UnauthenticatedError,
)
from transcriber.infra.paging import CursorText, Limit, Page, decode_cursor, encode_cursor
from transcriber.infra.problems import declare_problems

router = APIRouter(prefix="/api/admin/accounts", tags=["accounts"])

UserId = Annotated[str, Path(pattern="^[0-9a-f]{32}$")]
REFUSALS = (UnauthenticatedError, ForbiddenError, InvalidError)


@router.get("", responses=declare_problems(*REFUSALS))
def list_accounts(
    _admin: CurrentAdmin, session: Read, limit: Limit = 50, cursor: CursorText = None
) -> Page[AccountRead]:
    """Every account, newest first."""
    rows = repository.list_accounts(session, after=decode_cursor(cursor), limit=limit + 1)
    page = rows[:limit]
    return Page(
        items=[AccountRead.model_validate(row) for row in page],
        next_cursor=encode_cursor(page[-1].created_at, page[-1].id) if len(rows) > limit else None,
    )


@router.get("/{user_id}", responses=declare_problems(*REFUSALS, NotFoundError))
def read_account(user_id: UserId, _admin: CurrentAdmin, session: Read) -> AccountRead:
    """One account."""
    return AccountRead.model_validate(service.find_account(session, user_id))


@router.patch(
    "/{user_id}",
    responses=declare_problems(
        *REFUSALS, SessionRequiredError, CrossSiteError, NotFoundError, LastAdminError
    ),
)
def change_account(
    user_id: UserId, body: AccountChange, admin: CurrentAdminSession, uow: Work
) -> AccountRead:
    """Change an account's role, disable it or enable it again."""
    account = service.change_standing(
        uow,
        user_id,
        Standing(role=body.role, is_active=body.is_active),
        actor=f"admin:{admin.principal.user_id}",
    )
    return AccountRead.model_validate(account)
