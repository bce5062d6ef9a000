"""Hints that something was written, across processes; a lost one costs a second, nothing else.

The database itself gives them: PostgreSQL by LISTEN and NOTIFY, SQLite by the number that it
changes with every commit of another connection.  So they are there with every broker, and with
none.
"""

import sqlite3
import time
from typing import Protocol

import structlog
from sqlalchemy import PoolProxiedConnection, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from transcriber.infra.database import Database

CHANNEL = "transcriber_written"
LOOK_EVERY_SECONDS = 0.05

_log = structlog.stdlib.get_logger(__name__)


class Hints(Protocol):
    """Waits of one thread for something new; whoever waits looks for itself afterwards."""

    def wait(self, seconds: float) -> None:
        """Return at a hint, or after `seconds` without one.  Never raises for an outage."""
        ...

    def close(self) -> None:
        """Let the connection go."""
        ...


def send_hint(session: Session) -> None:
    """Have those who wait look once this transaction is committed, and only then."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text(f"NOTIFY {CHANNEL}"))


def build_hints(database: Database) -> Hints:
    """The hints this database gives; nothing is connected before the first wait."""
    if database.is_sqlite:
        return DataVersionHints(database)
    from transcriber.infra.notify_hints import (  # noqa: PLC0415 -- the driver takes 7 MB
        NotifyHints,
    )

    return NotifyHints(database)


class DataVersionHints:
    """SQLite's `data_version`, looked at often: a few microseconds, without a lock or a file."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._connection: PoolProxiedConnection | None = None
        self._seen: int | None = None

    def wait(self, seconds: float) -> None:
        """Wait until another connection has committed; the first wait returns at once."""
        deadline = time.monotonic() + seconds
        try:
            while (version := self._read()) == self._seen and time.monotonic() < deadline:
                time.sleep(LOOK_EVERY_SECONDS)
        except (SQLAlchemyError, sqlite3.Error) as error:
            _log.warning("hints_away", error=str(error))
            self.close()
            time.sleep(seconds)
        else:
            self._seen = version

    def close(self) -> None:
        """Give the connection back."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _read(self) -> int:
        if self._connection is None:
            # The number means something only on one and the same connection.
            self._connection, self._seen = self._database.engine.raw_connection(), None
        cursor = self._connection.cursor()
        try:
            cursor.execute("PRAGMA data_version")
            row = cursor.fetchone()
        finally:
            cursor.close()
        return int(row[0]) if row is not None else 0
