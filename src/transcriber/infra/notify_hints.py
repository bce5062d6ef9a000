"""Hints by PostgreSQL's LISTEN and NOTIFY; a module apart, because it loads the driver."""

import time
from typing import Any, cast

import psycopg
import structlog
from sqlalchemy.exc import SQLAlchemyError

from transcriber.infra.database import Database
from transcriber.infra.hints import CHANNEL

_log = structlog.stdlib.get_logger(__name__)


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
