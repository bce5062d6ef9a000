"""Invitations over HTTP, for administrators."""

from datetime import datetime, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Path, status

from transcriber.accounts.callers import SessionRequiredError
from transcriber.accounts.dependencies import CurrentAdmin, CurrentAdminSession
from transcriber.accounts.invitations import repository, service
from transcriber.accounts.invitations.models import Invitation
from transcriber.accounts.invitations.schemas import (
    CreatedInvitationRead,
    InvitationRead,
    InvitationRequest,
)
from transcriber.accounts.invitations.service import InvitationUsedError, InvitationWish
from transcriber.accounts.sessions import CrossSiteError
from transcriber.infra.clock import read_database_time
from transcriber.infra.dependencies import Read, Work
from transcriber.infra.errors import (
    ConflictError,
    ForbiddenError,
    InvalidError,
    NotFoundError,
    UnauthenticatedError,
)
from transcriber.infra.idempotency_header import GivenKey
from transcriber.infra.paging import CursorText, Limit, Page, decode_cursor, encode_cursor
from transcriber.infra.problems import declare_problems

router = APIRouter(prefix="/api/admin/invitations", tags=["accounts"])

InvitationId = Annotated[str, Path(pattern="^[0-9a-f]{32}$")]
REFUSALS = (UnauthenticatedError, ForbiddenError, InvalidError)


@router.post(
    "",
    status_code=status.HTTP_201_CREATED,
    responses=declare_problems(*REFUSALS, SessionRequiredError, CrossSiteError, ConflictError),
)
def create_invitation(
    admin: CurrentAdminSession, body: InvitationRequest, uow: Work, key: GivenKey
) -> CreatedInvitationRead:
    """Invite somebody: the token of this answer makes one account."""
    wish = InvitationWish(
        role=body.role,
        note=body.note,
        lifetime=timedelta(days=body.expires_in_days),
        admin_id=admin.principal.user_id,
        idempotency_key=key,
    )
    invitation, token = service.invite(uow.session, wish)
    shown = _describe(invitation, read_database_time(uow.session))
    return CreatedInvitationRead.model_validate(shown | {"token": token})


@router.get("", responses=declare_problems(*REFUSALS))
def list_invitations(
    _admin: CurrentAdmin, session: Read, limit: Limit = 50, cursor: CursorText = None
) -> Page[InvitationRead]:
    """Every invitation and what has become of it, newest first."""
    rows = repository.list_invitations(session, after=decode_cursor(cursor), limit=limit + 1)
    page, now = rows[:limit], read_database_time(session)
    return Page(
        items=[InvitationRead.model_validate(_describe(row, now)) for row in page],
        next_cursor=encode_cursor(page[-1].created_at, page[-1].id) if len(rows) > limit else None,
    )


@router.delete(
    "/{invitation_id}",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=declare_problems(
        *REFUSALS, SessionRequiredError, CrossSiteError, NotFoundError, InvitationUsedError
    ),
)
def revoke_invitation(invitation_id: InvitationId, admin: CurrentAdminSession, uow: Work) -> None:
    """Take an invitation back that nobody has used."""
    service.revoke(uow.session, invitation_id, admin.principal.user_id)


def _describe(invitation: Invitation, now: datetime) -> dict[str, Any]:
    names = InvitationRead.model_fields.keys() - {"state"}
    state = service.read_state(invitation, now)
    return {name: getattr(invitation, name) for name in names} | {"state": state}
