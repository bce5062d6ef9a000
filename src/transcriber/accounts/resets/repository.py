"""All SQL of resets."""

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from transcriber.accounts.models import Account
from transcriber.accounts.resets.models import PasswordReset


def find_owner(session: Session, token_hash: str, now: datetime) -> str | None:
    """The active account whose good reset this is."""
    query = select(PasswordReset.user_id).join(Account, Account.id == PasswordReset.user_id)
    return session.scalar(
        query.where(
            PasswordReset.token_hash == token_hash,
            PasswordReset.expires_at > now,
            Account.is_active,
        )
    )


def use(session: Session, user_id: str, token_hash: str) -> bool:
    """Remove the account's reset; tells whether it was there, which it is for one caller."""
    statement = delete(PasswordReset).where(
        PasswordReset.user_id == user_id, PasswordReset.token_hash == token_hash
    )
    return session.scalar(statement.returning(PasswordReset.user_id)) is not None


def replace(session: Session, reset: PasswordReset) -> None:
    """Keep the account's reset instead of an earlier one."""
    session.execute(delete(PasswordReset).where(PasswordReset.user_id == reset.user_id))
    session.add(reset)
    session.flush()
