"""Resets over HTTP: issued by an administrator, used by the account's owner."""

from typing import Annotated

from fastapi import APIRouter, Path, Request, status

from transcriber.accounts.callers import SessionRequiredError
from transcriber.accounts.dependencies import CurrentAdminSession
from transcriber.accounts.resets import service
from transcriber.accounts.resets.schemas import IssuedResetRead, ResetRequest
from transcriber.accounts.resets.service import ResetGoneError
from transcriber.accounts.sessions import CrossSiteError, check_same_origin
from transcriber.infra.dependencies import CurrentContext, Work
from transcriber.infra.errors import ForbiddenError, NotFoundError, UnauthenticatedError
from transcriber.infra.problems import declare_problems

router = APIRouter(tags=["accounts"])

UserId = Annotated[str, Path(pattern="^[0-9a-f]{32}$")]


@router.post(
    "/api/admin/accounts/{user_id}/reset",
    responses=declare_problems(
        UnauthenticatedError, ForbiddenError, SessionRequiredError, CrossSiteError, NotFoundError
    ),
)
def issue_reset(user_id: UserId, admin: CurrentAdminSession, uow: Work) -> IssuedResetRead:
    """Give an account's owner a token to choose a new password with; an earlier one is void."""
    issued = service.issue_reset(uow.session, user_id, f"admin:{admin.principal.user_id}")
    return IssuedResetRead.model_validate(issued)


@router.post(
    "/auth/reset",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=declare_problems(CrossSiteError, ResetGoneError),
)
def use_reset(body: ResetRequest, request: Request, context: CurrentContext) -> None:
    """Choose a new password with a token; every sign-in of the account ends."""
    check_same_origin(request, context.settings, may_be_silent=True)
    service.use_reset(context, body.token, body.new_password)
