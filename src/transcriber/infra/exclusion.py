"""Being the only process at something that takes longer than a transaction may."""

import fcntl
import os
from collections.abc import Generator
from contextlib import contextmanager

from sqlalchemy import text

from transcriber.infra.database import Database


@contextmanager
def hold_alone(database: Database, name: str) -> Generator[bool]:
    """Whether this process alone has `name`, among all that use the database, while it is open.

    It holds no transaction.  The lock ends with the process, or with its connection to PostgreSQL,
    so what is done under it must bear a second one that begins then.

    Raises:
        sqlalchemy.exc.OperationalError: when the database is away.
        OSError: when the file beside SQLite's cannot be made.
    """
    if database.is_sqlite:
        with _hold_file(f"{database.engine.url.database}.{name}.lock") as is_alone:
            yield is_alone
        return
    with database.engine.connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT")
        # Closed and not pooled afterwards: the lock goes with the connection.
        connection.detach()
        statement = text("SELECT pg_try_advisory_lock(hashtextextended(:name, 0))")
        yield bool(connection.execute(statement, {"name": name}).scalar_one())


@contextmanager
def _hold_file(path: str) -> Generator[bool]:
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        yield False
    else:
        yield True
    finally:
        os.close(descriptor)
