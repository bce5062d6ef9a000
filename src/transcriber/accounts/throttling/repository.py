"""All SQL of counted attempts."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import case, delete, or_, select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from transcriber.accounts.throttling.limits import Counted
from transcriber.accounts.throttling.models import AttemptCount

FORGOTTEN_AT_ONCE = 100
"""More than one attempt ever adds, so that what is over goes faster than new rows come."""


def find_counts(session: Session, keys: Collection[str], now: datetime) -> dict[str, AttemptCount]:
    """The counts of windows that are open, by key."""
    query = select(AttemptCount).where(AttemptCount.key.in_(keys), AttemptCount.expires_at > now)
    return {row.key: row for row in session.scalars(query)}


def add_attempt(session: Session, counted: Counted, now: datetime) -> int | None:
    """Count one attempt; gives the new count, or None where the limit was reached before.

    A count that is full is not written again, whatever comes.
    """
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    statement = (sqlite_insert if is_sqlite else postgresql_insert)(AttemptCount).values(
        key=counted.key, attempts=1, expires_at=now + counted.limit.window
    )
    is_over = AttemptCount.expires_at <= now
    statement = statement.on_conflict_do_update(
        index_elements=[AttemptCount.key],
        set_={
            "attempts": case((is_over, 1), else_=AttemptCount.attempts + 1),
            "expires_at": case(
                (is_over, statement.excluded.expires_at), else_=AttemptCount.expires_at
            ),
        },
        where=or_(is_over, AttemptCount.attempts < counted.limit.attempts),
    )
    return session.scalar(statement.returning(AttemptCount.attempts))


def forget_ended_windows(session: Session, now: datetime) -> None:
    """Delete some windows that are over, past those that somebody else is at."""
    ended = (
        select(AttemptCount.key)
        .where(AttemptCount.expires_at <= now)
        .order_by(AttemptCount.expires_at)
        .limit(FORGOTTEN_AT_ONCE)
        .with_for_update(skip_locked=True)
    )
    session.execute(delete(AttemptCount).where(AttemptCount.key.in_(ended)))
