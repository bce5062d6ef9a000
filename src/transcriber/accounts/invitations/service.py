"""Rules of invitations: who is invited, and that each works exactly once."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy.orm import Session

from transcriber.accounts.invitations import repository
from transcriber.accounts.invitations.models import Invitation
from transcriber.accounts.models import Role
from transcriber.infra.audit import record_act
from transcriber.infra.clock import read_database_time
from transcriber.infra.errors import ConflictError, GoneError, NotFoundError
from transcriber.infra.idempotency import KeyedRequest, create_once, hash_content
from transcriber.infra.identifiers import create_token
from transcriber.infra.security import hash_token

ROUTE = "POST /api/admin/invitations"
InvitationState = Literal["open", "used", "revoked", "expired"]


class InvitationGoneError(GoneError):
    """An invitation that cannot be used; why is said to administrators only."""

    code = "invitation_gone"
    title = "This invitation cannot be used."


class InvitationUsedError(ConflictError):
    """Somebody has signed up with the invitation that was to be revoked."""

    code = "invitation_used"
    title = "Somebody has signed up with this invitation."


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitationWish:
    """An invitation as an administrator asks for it."""

    role: Role
    note: str | None
    lifetime: timedelta
    admin_id: str
    idempotency_key: str | None

    def build_request(self) -> KeyedRequest:
        """What tells a repetition from another request."""
        return KeyedRequest(
            user_id=self.admin_id,
            route=ROUTE,
            key=self.idempotency_key,
            request_hash=hash_content(self.role, self.note, self.lifetime.total_seconds()),
        )


def invite(session: Session, wish: InvitationWish) -> tuple[Invitation, str | None]:
    """Add an invitation; gives it and its token, which is known this once.

    The token may have been lost with its answer.  As long as nobody used it, a repetition of the
    request issues a fresh one, and the old one is worthless.

    Raises:
        ConflictError: `idempotency_conflict`.
    """
    token = create_token()
    now = read_database_time(session)
    creation = create_once(
        session, wish.build_request(), lambda new_id: _add(session, wish, new_id, token, now)
    )
    invitation = _find(session, creation.resource_id)
    if not creation.is_new:
        if read_state(invitation, now) != "open":
            return invitation, None
        invitation.token_hash = hash_token(token)
    return invitation, token


def revoke(session: Session, invitation_id: str, admin_id: str) -> None:
    """Take an invitation back; nothing happens where it is no longer good.

    Raises:
        NotFoundError: when there is none of that id.
        InvitationUsedError: when somebody has an account by it.
    """
    invitation = _find(session, invitation_id)
    now = read_database_time(session)
    state = read_state(invitation, now)
    if state == "used":
        raise InvitationUsedError("Disable the account that was made with it instead.")
    if state == "open":
        invitation.revoked_at = now
        record_act(
            session,
            actor=f"admin:{admin_id}",
            action="invitation.revoke",
            object_id=invitation.id,
            user_id=invitation.created_by,
        )


def require_good(session: Session, token: str) -> None:
    """Refuse before anything costly is done for it.

    Raises:
        InvitationGoneError: unknown, used, revoked or expired.
    """
    if repository.find_good(session, hash_token(token), read_database_time(session)) is None:
        raise _build_refusal()


def use(session: Session, token: str) -> Invitation:
    """Use an invitation up, in the transaction that makes the account.

    Raises:
        InvitationGoneError: unknown, used, revoked or expired.
    """
    invitation = repository.use(session, hash_token(token), read_database_time(session))
    if invitation is None:
        raise _build_refusal()
    return invitation


def record_use(session: Session, invitation: Invitation, user_id: str) -> None:
    """Write down who came in by it."""
    invitation.used_by = user_id
    record_act(
        session,
        actor=f"account:{user_id}",
        action="invitation.use",
        object_id=invitation.id,
        user_id=invitation.created_by,
    )


def read_state(invitation: Invitation, now: datetime) -> InvitationState:
    """What has become of it."""
    if invitation.used_at is not None:
        return "used"
    if invitation.revoked_at is not None:
        return "revoked"
    return "open" if invitation.expires_at > now else "expired"


def _add(
    session: Session, wish: InvitationWish, invitation_id: str, token: str, now: datetime
) -> None:
    session.add(
        Invitation(
            id=invitation_id,
            token_hash=hash_token(token),
            role=wish.role,
            note=wish.note,
            created_by=wish.admin_id,
            created_at=now,
            expires_at=now + wish.lifetime,
        )
    )
    session.flush()
    record_act(
        session,
        actor=f"admin:{wish.admin_id}",
        action="invitation.create",
        object_id=invitation_id,
        user_id=wish.admin_id,
        detail=wish.role,
    )


def _find(session: Session, invitation_id: str) -> Invitation:
    invitation = repository.find_locked(session, invitation_id)
    if invitation is None:
        raise NotFoundError("There is no such invitation.")
    return invitation


def _build_refusal() -> InvitationGoneError:
    return InvitationGoneError("It is unknown, used, revoked or expired; ask for another one.")
