"""Hints that something was written, across processes; a lost one costs a second, nothing else.

The database itself gives them: PostgreSQL by LISTEN and NOTIFY, SQLite by the number that it
changes with every commit of another connection.  So they are there with every broker, and with
none.
"""

import sqlite3
import time
from typing import Any, Protocol, cast

import psycopg
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
    return DataVersionHints(database) if database.is_sqlite else NotifyHints(database)


class NotifyHints:
    """PostgreSQL's notifications, on a connection of their own."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._connection: psycopg.Connection[Any] | None = None

    def wait(self, seconds: float) -> None:
        """Wait for a notification; the first wait on a new connection returns at once.

        What was written before the connection listened was announced to nobody.
        """
        try:
            if self._connection is None:
                self._connection = self._listen()
                return
            for _ in self._connection.notifies(timeout=seconds, stop_after=1):
                """One is enough: the waiter looks for everything new."""
            for _ in self._connection.notifies(timeout=0):
                """Those that came with it."""
        except (SQLAlchemyError, psycopg.Error) as error:
            _log.warning("hints_away", error=str(error))
            self.close()
            time.sleep(seconds)

    def close(self) -> None:
        """Close the connection."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _listen(self) -> psycopg.Connection[Any]:
        pooled = self._database.engine.raw_connection()
        connection = cast("psycopg.Connection[Any]", pooled.driver_connection)
        pooled.detach()
        try:
            connection.autocommit = True
            connection.execute(f"LISTEN {CHANNEL}".encode())
        except psycopg.Error:
            connection.close()
            raise
        return connection


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
