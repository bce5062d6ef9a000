"""Rules of signing up."""

from dataclasses import dataclass

from transcriber.accounts.clients import Client
from transcriber.accounts.invitations import service as invitations
from transcriber.accounts.names import normalise_name
from transcriber.accounts.repository import AccountRepository
from transcriber.accounts.service import AccountService, Principal
from transcriber.accounts.sessions import read_session_lifetime
from transcriber.accounts.throttling.limits import count_sign_up
from transcriber.accounts.throttling.service import check_attempts, record_attempt
from transcriber.infra.context import Context
from transcriber.infra.errors import ForbiddenError
from transcriber.infra.identifiers import create_id
from transcriber.infra.security import hash_password


class SignUpClosedError(ForbiddenError):
    """Only administrators make accounts here."""

    code = "sign_up_closed"
    title = "Nobody signs up here."


class InvitationRequiredError(ForbiddenError):
    """Whoever is invited may sign up, and nobody else."""

    code = "invitation_required"
    title = "Signing up needs an invitation."


@dataclass(frozen=True, slots=True, kw_only=True)
class Applicant:
    """Somebody who signs up."""

    name: str
    password: str
    invitation: str | None
    client: Client


def sign_up(context: Context, applicant: Applicant) -> Principal:
    """Make the applicant's account.

    What costs little is checked first: no password is hashed for an invitation that is not good.

    Raises:
        SignUpClosedError: nobody may.
        InvitationRequiredError: without an invitation where one is needed.
        InvitationGoneError: with one that is unknown, used, revoked or expired.
        RateLimitedError: too many attempts of this address.
        InvalidError: when the name cannot be one.
        NameTakenError: when the name exists; the invitation stays good.
    """
    _require_open_door(context, applicant)
    normalise_name(applicant.name)
    counted = count_sign_up(applicant.client.address)
    with context.database.snapshot() as session:
        if applicant.invitation is not None:
            invitations.require_good(session, applicant.invitation)
        check_attempts(session, counted)
    with context.database.unit_of_work() as uow:
        record_attempt(uow.session, counted)
    password_hash = hash_password(applicant.password)
    return _create(context, applicant, password_hash)


def _require_open_door(context: Context, applicant: Applicant) -> None:
    mode = context.settings.sign_up
    if mode == "closed":
        raise SignUpClosedError("Ask an administrator for an account.")
    if mode == "invitation" and applicant.invitation is None:
        raise InvitationRequiredError("Ask an administrator for an invitation.")


def _create(context: Context, applicant: Applicant, password_hash: str) -> Principal:
    user_id = create_id()
    with context.database.unit_of_work() as uow:
        rows = AccountRepository(uow.session)
        token = applicant.invitation
        invitation = None if token is None else invitations.use(uow.session, token)
        is_admin = invitation is not None and invitation.role == "admin"
        principal = AccountService(rows, read_session_lifetime(context.settings)).create_account(
            applicant.name,
            password_hash,
            "admin" if is_admin else "user",
            actor=f"account:{user_id}",
            user_id=user_id,
        )
        if invitation is not None:
            invitations.record_use(uow.session, invitation, user_id)
    return principal
