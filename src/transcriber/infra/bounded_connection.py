"""A connection to PostgreSQL that gives up on a server that is silent.

A stopped server, or a firewall that has forgotten the connection, leaves the socket open and
acknowledged by the kernel: neither keep-alives nor `tcp_user_timeout` notice, and a thread that
waits for the answer waits for ever.
"""

import time
from typing import Any

import psycopg
from sqlalchemy import Engine, event


class BoundedConnection(psycopg.Connection[Any]):
    """Closes itself when one command is not answered within `answer_seconds`.

    Attributes:
        answer_seconds: For each command, its rows included; None waits for ever.
    """

    answer_seconds: float | None = None

    def wait(self, gen: Any, interval: float = 0.1, timeout: float | None = None) -> Any:
        """Wait for the answer to a command, as the driver asks to.

        Raises:
            psycopg.OperationalError: it did not come; the connection is closed.
        """
        bound = self.answer_seconds
        if timeout is not None or bound is None:
            # With a time of its own the driver waits for notifications, and none is no silence.
            return super().wait(gen, interval, timeout)
        started = time.monotonic()
        try:
            return super().wait(gen, interval, bound)
        except psycopg.OperationalError as error:
            if self.closed or time.monotonic() - started < bound:
                raise
            # Half-way through a command it is of no use any more; the pool makes another.
            self.pgconn.finish()
            raise psycopg.OperationalError(
                f"The database did not answer within {bound:g} s."
            ) from error


def bound_answers(engine: Engine, answer_seconds: float) -> None:
    """Have every connection that this engine opens give up after so many seconds."""

    def connect(
        _dialect: object, _record: object, arguments: list[Any], options: dict[str, Any]
    ) -> psycopg.Connection[Any]:
        connection = BoundedConnection.connect(*arguments, **options)
        connection.answer_seconds = answer_seconds
        return connection

    event.listen(engine, "do_connect", connect)
