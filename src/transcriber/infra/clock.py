"""Clocks: the database's for what several machines must agree on, and a machine's own.

Leases and expiries must not depend on the clocks of the machines that hold them.
"""

from collections.abc import Callable
from datetime import UTC, datetime

from sqlalchemy import text
from sqlalchemy.orm import Session

Clock = Callable[[], datetime]


def read_database_time(session: Session) -> datetime:
    """Now, in UTC, as the database sees it (to the microsecond, or the millisecond on SQLite)."""
    if session.get_bind().dialect.name == "sqlite":
        value = session.execute(text("SELECT strftime('%Y-%m-%dT%H:%M:%f', 'now')")).scalar_one()
        return datetime.fromisoformat(str(value)).replace(tzinfo=UTC)
    now: datetime = session.execute(text("SELECT clock_timestamp()")).scalar_one()
    return now.astimezone(UTC)


def read_machine_time() -> datetime:
    """Now, in UTC, as this machine sees it: for days and dates, where seconds do not matter."""
    return datetime.now(UTC)
