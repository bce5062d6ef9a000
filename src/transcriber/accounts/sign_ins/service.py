"""Proving an account's password, and what failing to do so leaves behind."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from transcriber.accounts.clients import Client
from transcriber.accounts.models import SessionKind
from transcriber.accounts.names import fold_name
from transcriber.accounts.repository import AccountRepository
from transcriber.accounts.service import (
    AccountService,
    BadCredentialsError,
    NewSession,
    Principal,
    Proof,
    SignedIn,
    build_principal,
)
from transcriber.accounts.sessions import read_session_lifetime
from transcriber.accounts.throttling.limits import (
    Counted,
    count_password_change,
    count_sign_in,
)
from transcriber.accounts.throttling.service import check_attempts, record_attempt
from transcriber.infra.context import Context
from transcriber.infra.security import check_password, hash_password, hash_token

NOBODY = "unknown"
"""Whom a failed sign-in concerns when no account has the name, which is not kept: people type their
password there."""
RECORDED_PER_WINDOW = 10
"""Failures of one address that each have an entry in the audit trail; it is kept for ever, and must
not be filled by whoever can be refused."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """A sign-in as it was asked for.

    Attributes:
        replaced_token: Of the session that a browser forgets with this answer.
    """

    name: str
    password: str
    kind: SessionKind
    client: Client
    replaced_token: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PasswordChange:
    """A change of one's own password as it was asked for."""

    signed_in: SignedIn
    current: str
    new: str
    client: Client


def sign_in(context: Context, attempt: Attempt) -> tuple[Principal, NewSession]:
    """Sign in; an unknown name, a wrong password and a disabled account fail alike.

    Raises:
        RateLimitedError: too many failures of this address.
        BadCredentialsError: name and password do not belong together.
    """
    counted = count_sign_in(attempt.client.address, attempt.name)
    trial = _Trial(counted, "account.sign_in_failure", "anonymous")
    proof = _prove(context, attempt.name, attempt.password, trial)
    # Hashing took its time outside of any transaction; this one is short.
    with context.database.unit_of_work() as uow:
        service = _build_service(context, uow.session)
        session = service.sign_in(proof, attempt.kind, attempt.client)
        if attempt.replaced_token is not None:
            service.close_session(hash_token(attempt.replaced_token))
    return proof.principal, session


def change_password(context: Context, change: PasswordChange) -> NewSession | None:
    """Replace one's own password; every sign-in ends, as a thief may have a copy of this one.

    A browser gets another one at once; a program, which could not be told, gets None.

    Raises:
        RateLimitedError: too many wrong passwords of this session.
        BadCredentialsError: the current one is another.
    """
    principal = change.signed_in.principal
    counted = count_password_change(change.signed_in.token_hash)
    trial = _Trial(counted, "account.password_failure", f"account:{principal.user_id}")
    proof = _prove(context, principal.name, change.current, trial)
    password_hash = hash_password(change.new)
    with context.database.unit_of_work() as uow:
        service = _build_service(context, uow.session)
        service.change_password(proof, password_hash)
        if change.signed_in.kind == "bearer":
            return None
        return service.open_session(principal.user_id, "cookie", change.client)


@dataclass(frozen=True, slots=True)
class _Trial:
    """What a wrong password counts for, and how the audit trail calls it."""

    counted: tuple[Counted, ...]
    action: str
    actor: str


def _prove(context: Context, name: str, password: str, trial: _Trial) -> Proof:
    with context.database.snapshot() as session:
        check_attempts(session, trial.counted)
        account = AccountRepository(session).find_by_name(fold_name(name))
    # Without an account, or with a disabled one, another hash is compared for as long.
    known_hash = account.password_hash if account is not None and account.is_active else None
    is_right = check_password(password, known_hash)
    if account is None or not is_right:
        with context.database.unit_of_work() as uow:
            _record_failure(uow.session, account.id if account else NOBODY, trial)
        raise BadCredentialsError("The name or the password is wrong.")
    return Proof(build_principal(account), account.password_hash)


def _record_failure(session: Session, user_id: str, trial: _Trial) -> None:
    """Count it, and write it down where the counts say so: never by whether there is an account."""
    counts = record_attempt(session, trial.counted)
    is_full = any(
        count == each.limit.attempts for count, each in zip(counts, trial.counted, strict=True)
    )
    is_early = counts[0] == 1 and (counts[-1] or RECORDED_PER_WINDOW + 1) <= RECORDED_PER_WINDOW
    if is_full or is_early:
        AccountRepository(session).record_account_act(
            trial.action, user_id, trial.actor, "refused from now on" if is_full else None
        )


def _build_service(context: Context, session: Session) -> AccountService:
    return AccountService(AccountRepository(session), read_session_lifetime(context.settings))
