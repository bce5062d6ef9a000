"""The database's clock: the one clock that all workers share."""

from datetime import UTC, datetime

from sqlalchemy import text
from sqlalchemy.orm import Session


def read_database_time(session: Session) -> datetime:
    """Now, as the database sees it, in UTC; lease arithmetic uses nothing else."""
    if session.get_bind().dialect.name == "sqlite":
        value = session.scalar(text("SELECT strftime('%Y-%m-%d %H:%M:%f', 'now')"))
        return datetime.fromisoformat(str(value)).replace(tzinfo=UTC)
    value = session.scalar(text("SELECT clock_timestamp()"))
    if not isinstance(value, datetime):
        raise TypeError("The database gave no time.")
    return value.astimezone(UTC)
