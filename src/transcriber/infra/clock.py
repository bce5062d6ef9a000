"""The database's clock: leases and expiries of several machines must not depend on theirs."""

from datetime import UTC, datetime

from sqlalchemy import text
from sqlalchemy.orm import Session


def read_database_time(session: Session) -> datetime:
    """Now, in UTC, as the database sees it (to the microsecond, or the millisecond on SQLite)."""
    if session.get_bind().dialect.name == "sqlite":
        value = session.execute(text("SELECT strftime('%Y-%m-%dT%H:%M:%f', 'now')")).scalar_one()
        return datetime.fromisoformat(str(value)).replace(tzinfo=UTC)
    now: datetime = session.execute(text("SELECT clock_timestamp()")).scalar_one()
    return now.astimezone(UTC)
