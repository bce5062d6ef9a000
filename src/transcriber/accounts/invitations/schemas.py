"""Shapes of the routes for invitations."""

from datetime import datetime

from pydantic import Field

from transcriber.accounts.invitations.models import MAX_NOTE_LENGTH
from transcriber.accounts.invitations.service import InvitationState
from transcriber.accounts.models import Role
from transcriber.infra.schemas import RequestModel, ResponseModel

DEFAULT_DAYS = 7
MAX_DAYS = 365


class InvitationRequest(RequestModel):
    """Somebody to be let in."""

    role: Role = "user"
    note: str | None = Field(
        default=None,
        min_length=1,
        max_length=MAX_NOTE_LENGTH,
        description="For the list of invitations; whoever is invited does not see it.",
    )
    expires_in_days: int = Field(default=DEFAULT_DAYS, ge=1, le=MAX_DAYS)


class InvitationRead(ResponseModel):
    """An invitation and what has become of it."""

    id: str
    role: Role
    note: str | None
    state: InvitationState
    created_by: str
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None
    used_by: str | None
    revoked_at: datetime | None


class CreatedInvitationRead(InvitationRead):
    """An invitation that was just made."""

    token: str | None = Field(
        description=(
            "Shown once; a repetition with the same Idempotency-Key issues another in its place "
            "while the invitation is open."
        )
    )
