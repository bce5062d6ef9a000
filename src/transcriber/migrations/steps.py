"""How a revision goes by small steps where others work on the same tables.

A step that waits for a table's lock makes everybody behind it wait too.  So each waits shortly,
lets the others pass, and tries again.
"""

import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import TypeVar

from alembic import op
from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError

STEP_LOCK_MS = 500
"""How long a step waits for a lock that keeps others waiting behind it."""
PAUSE_SECONDS = 0.2
PATIENCE_SECONDS = 300
"""For how long a lock is tried for, and another process's upgrade waited for."""
# PostgreSQL's lock_not_available and deadlock_detected.
_LOCK_LOST = {"55P03", "40P01"}

Found = TypeVar("Found")


def may_commit(connection: Connection) -> bool:
    """Whether what runs on a connection may commit as it goes: nobody began a transaction on it.

    SQLite has one writer in any case, and takes an upgrade as a whole or not at all.
    """
    return connection.dialect.name == "postgresql" and not connection.in_transaction()


def is_committing() -> bool:
    """Whether each step of the running revision is durable before the next."""
    return bool(op.get_context().opts.get("is_committing"))


@contextmanager
def commit_each() -> Generator[None]:
    """Make each statement within a transaction of its own, where that is allowed."""
    if not is_committing():
        yield
        return
    with op.get_context().autocommit_block(), wait_for_locks(STEP_LOCK_MS):
        yield


@contextmanager
def wait_for_locks(milliseconds: int) -> Generator[None]:
    """Wait so long for locks, 0 for ever; only where each statement is a transaction of its own."""
    bind = op.get_bind()
    before = bind.exec_driver_sql("SHOW lock_timeout").scalar_one()
    bind.exec_driver_sql(f"SET lock_timeout = {milliseconds}")
    try:
        yield
    finally:
        bind.exec_driver_sql(f"SET lock_timeout = '{before}'")


def alter(table: str, change: str) -> None:
    """Change a table that others work on; PostgreSQL alone.

    Raises:
        sqlalchemy.exc.OperationalError: when they never let go of it.
    """
    statement = f"ALTER TABLE {table} {change}"
    if is_committing():
        retry(lambda: _alter_shortly(table, statement))
    else:
        op.execute(statement)


def _alter_shortly(table: str, statement: str) -> None:
    # The first lock keeps nobody away but a cleaning of the table by the server itself, which gives
    # way to whoever waits for a second.  The second one must not wait that long.
    bind = op.get_bind()
    bind.exec_driver_sql("BEGIN")
    try:
        bind.exec_driver_sql("SET LOCAL lock_timeout = 0")
        bind.exec_driver_sql(f"LOCK TABLE {table} IN SHARE UPDATE EXCLUSIVE MODE")
        bind.exec_driver_sql(f"SET LOCAL lock_timeout = {STEP_LOCK_MS}")
        bind.exec_driver_sql(statement)
    except BaseException:
        bind.exec_driver_sql("ROLLBACK")
        raise
    bind.exec_driver_sql("COMMIT")


def step(act: Callable[[], Found]) -> Found:
    """Do one step of a revision, again where others held the lock it needs.

    Raises:
        sqlalchemy.exc.OperationalError: when they never gave it up.
    """
    # Inside a transaction the failure of one statement is that of all.
    return retry(act) if is_committing() else act()


def retry(act: Callable[[], Found]) -> Found:
    """Do what may lose its lock to others until it has not.

    Raises:
        sqlalchemy.exc.OperationalError: any other, or this one for `PATIENCE_SECONDS`.
    """
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            return act()
        except OperationalError as error:
            is_lost = getattr(error.orig, "sqlstate", None) in _LOCK_LOST
            if not is_lost or time.monotonic() > deadline:
                raise
        time.sleep(PAUSE_SECONDS)
