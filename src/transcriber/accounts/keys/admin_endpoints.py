"""Anyone's API keys over HTTP, for an administrator who looks for one that leaked."""

from typing import Annotated

from fastapi import APIRouter, Path, status

from transcriber.accounts.callers import SessionRequiredError
from transcriber.accounts.dependencies import CurrentAdminSession
from transcriber.accounts.keys import repository, service
from transcriber.accounts.keys.endpoints import KeyId
from transcriber.accounts.keys.schemas import KeyList, show_key
from transcriber.accounts.sessions import CrossSiteError
from transcriber.infra.dependencies import Read, Work
from transcriber.infra.errors import ForbiddenError, NotFoundError, UnauthenticatedError
from transcriber.infra.problems import declare_problems

router = APIRouter(prefix="/api/admin/accounts/{user_id}/keys", tags=["keys"])

UserId = Annotated[str, Path(pattern="^[0-9a-f]{32}$")]
PROBLEMS = (UnauthenticatedError, ForbiddenError, SessionRequiredError, NotFoundError)


@router.get("", responses=declare_problems(*PROBLEMS))
def list_account_keys(_admin: CurrentAdminSession, user_id: UserId, session: Read) -> KeyList:
    """An account's keys that nobody revoked, newest first."""
    service.require_owner(session, user_id)
    return KeyList(items=[show_key(row) for row in repository.list_keys(session, user_id)])


@router.delete(
    "/{key_id}",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=declare_problems(*PROBLEMS, CrossSiteError),
)
def revoke_account_key(
    admin: CurrentAdminSession, user_id: UserId, key_id: KeyId, uow: Work
) -> None:
    """End a key of an account."""
    service.revoke_key(uow.session, user_id, key_id, actor=f"admin:{admin.principal.user_id}")
