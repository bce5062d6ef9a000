"""Rules of resets: an account has at most one that is good, and it works exactly once."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from transcriber.accounts.models import Account
from transcriber.accounts.repository import AccountRepository
from transcriber.accounts.resets import repository
from transcriber.accounts.resets.models import PasswordReset
from transcriber.accounts.service import AccountService
from transcriber.accounts.sessions import read_session_lifetime
from transcriber.infra.clock import read_database_time
from transcriber.infra.context import Context
from transcriber.infra.errors import GoneError, NotFoundError
from transcriber.infra.identifiers import create_token
from transcriber.infra.security import hash_password, hash_token

LIFETIME = timedelta(hours=24)


class ResetGoneError(GoneError):
    """A reset that cannot be used; why is not said."""

    code = "reset_gone"
    title = "This reset cannot be used."


@dataclass(frozen=True, slots=True)
class IssuedReset:
    """A reset just made: the only time the token is known."""

    token: str
    expires_at: datetime


def issue_reset(session: Session, user_id: str, actor: str) -> IssuedReset:
    """Let whoever has the answer's token choose the account's password.

    Until then the old password and the sign-ins are good.

    Raises:
        NotFoundError: when there is no such account.
    """
    rows = AccountRepository(session)
    # The account's lock keeps two first resets from being inserted at once.
    if rows.lock(user_id) is None:
        raise NotFoundError("There is no such account.", code="account_not_found")
    now = read_database_time(session)
    issued = IssuedReset(create_token(), now + LIFETIME)
    reset = PasswordReset(
        user_id=user_id,
        token_hash=hash_token(issued.token),
        created_at=now,
        expires_at=issued.expires_at,
    )
    repository.replace(session, reset)
    rows.record_account_act("account.issue_reset", user_id, actor)
    return issued


def use_reset(context: Context, token: str, new_password: str) -> None:
    """Choose a password; every sign-in of the account ends.

    Raises:
        ResetGoneError: unknown, used, replaced or expired, or the account is disabled.
    """
    token_hash = hash_token(token)
    with context.database.snapshot() as session:
        # No password is hashed for a token that is not good.
        _find_owner(session, token_hash)
    password_hash = hash_password(new_password)
    with context.database.unit_of_work() as uow:
        account = _lock_owner(uow.session, token_hash)
        if not repository.use(uow.session, account.id, token_hash):
            raise _build_refusal()
        rows = AccountRepository(uow.session)
        rows.record_account_act("account.use_reset", account.id, f"account:{account.id}")
        AccountService(rows, read_session_lifetime(context.settings)).set_password(
            account.id, password_hash, actor=f"account:{account.id}"
        )


def _lock_owner(session: Session, token_hash: str) -> Account:
    # The account before the reset, as whoever issues one locks them.
    account = AccountRepository(session).find_locked(_find_owner(session, token_hash))
    if not account.is_active:
        raise _build_refusal()
    return account


def _find_owner(session: Session, token_hash: str) -> str:
    user_id = repository.find_owner(session, token_hash, read_database_time(session))
    if user_id is None:
        raise _build_refusal()
    return user_id


def _build_refusal() -> ResetGoneError:
    return ResetGoneError("It is unknown, used, replaced or expired; ask for another one.")
