"""All SQL of one's own sign-ins."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, select, tuple_, update
from sqlalchemy.orm import Session

from transcriber.accounts.models import AccountSession


def list_sessions(
    session: Session,
    user_id: str,
    now: datetime,
    *,
    after: tuple[datetime, str] | None,
    limit: int,
) -> Sequence[AccountSession]:
    """An account's good sign-ins, newest first, from behind the row `after`."""
    place = tuple_(AccountSession.created_at, AccountSession.id)
    query = (
        select(AccountSession)
        .where(*_match_good(user_id, now))
        .order_by(AccountSession.created_at.desc(), AccountSession.id.desc())
        .limit(limit)
    )
    if after is not None:
        query = query.where(place < after)
    return session.scalars(query).all()


def end_session(session: Session, user_id: str, session_id: str, now: datetime) -> str | None:
    """End a good sign-in of the account; gives the hash of its token, or None without one."""
    statement = (
        update(AccountSession)
        .where(*_match_good(user_id, now), AccountSession.id == session_id)
        .values(revoked_at=now)
        .returning(AccountSession.token_hash)
    )
    return session.scalar(statement)


def _match_good(user_id: str, now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        AccountSession.user_id == user_id,
        AccountSession.revoked_at.is_(None),
        AccountSession.expires_at > now,
    )
