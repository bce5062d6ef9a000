"""How long an account's things are kept: asked and set by its owner, or by an administrator."""

from typing import Annotated

from fastapi import APIRouter, Path

from transcriber.accounts import retention
from transcriber.accounts.dependencies import CurrentAccount, CurrentAdmin
from transcriber.accounts.retention import Retention, RetentionTooLongError
from transcriber.accounts.retention_schemas import AccountRetentionRead, RetentionRequest
from transcriber.infra.dependencies import CurrentContext, Read, Work
from transcriber.infra.errors import (
    ForbiddenError,
    InvalidError,
    NotFoundError,
    UnauthenticatedError,
)
from transcriber.infra.problems import declare_problems

router = APIRouter(tags=["retention"])

UserId = Annotated[str, Path(pattern="^[0-9a-f]{32}$")]
ADMIN_PATH = "/api/admin/accounts/{user_id}/retention"
ADMIN_PROBLEMS = (UnauthenticatedError, ForbiddenError, NotFoundError, InvalidError)


@router.get("/account/retention", responses=declare_problems(UnauthenticatedError))
def get_retention(
    account: CurrentAccount, session: Read, context: CurrentContext
) -> AccountRetentionRead:
    """How long the caller's recordings and transcripts are kept."""
    found = retention.read_retention(session, context.settings, account.user_id)
    return AccountRetentionRead.model_validate(found)


@router.put(
    "/account/retention", responses=declare_problems(UnauthenticatedError, RetentionTooLongError)
)
def set_retention(
    account: CurrentAccount, body: RetentionRequest, uow: Work, context: CurrentContext
) -> AccountRetentionRead:
    """Keep one's own things for less time than the operator does."""
    wish = Retention(body.audio_days, body.transcript_days)
    changed = retention.set_own_retention(uow.session, context.settings, account.user_id, wish)
    return AccountRetentionRead.model_validate(changed)


@router.get(ADMIN_PATH, responses=declare_problems(*ADMIN_PROBLEMS))
def get_account_retention(
    _admin: CurrentAdmin, user_id: UserId, session: Read, context: CurrentContext
) -> AccountRetentionRead:
    """How long an account's recordings and transcripts are kept."""
    found = retention.find_account_retention(session, context.settings, user_id)
    return AccountRetentionRead.model_validate(found)


@router.put(ADMIN_PATH, responses=declare_problems(*ADMIN_PROBLEMS))
def set_account_retention(
    admin: CurrentAdmin,
    user_id: UserId,
    body: RetentionRequest,
    uow: Work,
    context: CurrentContext,
) -> AccountRetentionRead:
    """Keep one account's things for another time than the service's."""
    wish = Retention(body.audio_days, body.transcript_days)
    changed = retention.set_account_retention(
        uow.session, context.settings, user_id, wish, admin_id=admin.user_id
    )
    return AccountRetentionRead.model_validate(changed)
