"""All SQL of invitations, which belong to all administrators."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, select, tuple_, update
from sqlalchemy.orm import Session

from transcriber.accounts.invitations.models import Invitation


def find_good(session: Session, token_hash: str, now: datetime) -> Invitation | None:
    """The invitation with this token, if it can still be used."""
    return session.scalar(select(Invitation).where(*_match_good(token_hash, now)))


def use(session: Session, token_hash: str, now: datetime) -> Invitation | None:
    """Use a good invitation up; of several callers at once the others get None."""
    statement = update(Invitation).where(*_match_good(token_hash, now)).values(used_at=now)
    used = session.scalar(statement.returning(Invitation.id))
    return None if used is None else session.get_one(Invitation, used, populate_existing=True)


def find_locked(session: Session, invitation_id: str) -> Invitation | None:
    """The invitation with this id, under its row lock."""
    return session.get(Invitation, invitation_id, with_for_update=True, populate_existing=True)


def list_invitations(
    session: Session, *, after: tuple[datetime, str] | None, limit: int
) -> Sequence[Invitation]:
    """Invitations, newest first, from behind the row `after`."""
    query = (
        select(Invitation).order_by(Invitation.created_at.desc(), Invitation.id.desc()).limit(limit)
    )
    if after is not None:
        query = query.where(tuple_(Invitation.created_at, Invitation.id) < after)
    return session.scalars(query).all()


def _match_good(token_hash: str, now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        Invitation.token_hash == token_hash,
        Invitation.used_at.is_(None),
        Invitation.revoked_at.is_(None),
        Invitation.expires_at > now,
    )
