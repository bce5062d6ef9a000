"""All SQL of the directory, which is for administrators."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select, tuple_
from sqlalchemy.orm import Session

from transcriber.accounts.models import Account


def list_accounts(
    session: Session, *, after: tuple[datetime, str] | None, limit: int | None
) -> Sequence[Account]:
    """Accounts, newest first, from behind the row `after`; without a limit all of them."""
    query = select(Account).order_by(Account.created_at.desc(), Account.id.desc()).limit(limit)
    if after is not None:
        query = query.where(tuple_(Account.created_at, Account.id) < after)
    return session.scalars(query).all()


def count_other_admins(session: Session, user_id: str) -> int:
    """How many further administrators may sign in."""
    query = select(func.count()).where(
        Account.role == "admin", Account.is_active, Account.id != user_id
    )
    return session.scalar(query) or 0
