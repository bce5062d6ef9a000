"""Bringing a database to the newest revision, once, however many processes start at the same time.

PostgreSQL serialises them with an advisory lock, and each revision is a transaction of its own, so
that a large table is never locked for long: an upgrade that is interrupted goes on with the next
one.  On SQLite, whose single writer serialises everything, an upgrade is one transaction.
"""

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, event, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from transcriber.infra.database import Database
from transcriber.infra.errors import StartupError
from transcriber.infra.settings import Settings
from transcriber.migrations.ownership.needs import find_backfill
from transcriber.migrations.steps import retry

LOCK_NAME = "transcriber.migrations"
# A concurrent starter waits for the whole upgrade, not for one row.
UPGRADE_WAIT_SECONDS = 300
POLL_SECONDS = 0.2
# A little more than PostgreSQL lets others wait for a cleaning of its own before it ends that.
REVISION_LOCK_MS = 1_500

Move = Callable[[Config], None]


def upgrade_database(settings: Settings) -> Sequence[str]:
    """Apply every revision the database lacks.

    Returns:
        What the revisions report, in sentences.

    Raises:
        sqlalchemy.exc.OperationalError: when the database is away.
        StartupError: when the operator must decide something first; nothing was changed.
    """
    return _move(settings, lambda config: command.upgrade(config, "head"))


def downgrade_database(settings: Settings, revision: str) -> Sequence[str]:
    """Undo every revision behind `revision`; as `upgrade_database` otherwise."""
    return _move(settings, lambda config: command.downgrade(config, revision))


def build_config() -> Config:
    """Alembic's configuration, without a file: the revisions travel inside the package."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    return config


def _move(settings: Settings, move: Move) -> Sequence[str]:
    # A revision may rewrite a large table.
    database = Database(settings.resolved_database_url, answer_seconds=None)
    config = build_config()
    config.attributes["settings"] = settings
    notes: list[str] = config.attributes.setdefault("notes", [])
    try:
        if database.is_sqlite:
            _move_at_once(database, config, move)
        else:
            _move_stepwise(database, config, move)
    finally:
        database.dispose()
    return notes


def _move_at_once(database: Database, config: Config, move: Move) -> None:
    event.listen(database.engine, "connect", _prepare_sqlite)
    # The first statement begins the write transaction and waits for the other starters.
    with database.unit_of_work() as uow:
        _run(uow.session.connection(), config, move)
        _check_references(uow.session)


def _move_stepwise(database: Database, config: Config, move: Move) -> None:
    with database.engine.connect() as connection:
        _await_turn(connection)
        for choice in (
            f"lock_timeout = {REVISION_LOCK_MS}",
            "statement_timeout = 0",
            "idle_in_transaction_session_timeout = 0",
            # Compiling a short batch takes longer than the batch.
            "jit = off",
        ):
            connection.execute(text(f"SET {choice}"))
        connection.commit()
        retry(lambda: _run(connection, config, move))


def _run(connection: Connection, config: Config, move: Move) -> None:
    was_begun = connection.in_transaction()
    # Once more than the revision does, for by then earlier ones have been applied.
    find_backfill(connection, config.attributes["settings"])
    config.attributes["connection"] = connection
    if was_begun:
        move(config)
        return
    connection.rollback()
    try:
        move(config)
    except OperationalError:
        connection.rollback()
        raise


def _await_turn(connection: Connection) -> None:
    """Hold the lock as long as this connection lives.

    Asked for again and again: a statement that waits for it would be a transaction that those who
    index without locking wait for, while it waits for them.
    """
    query = text("SELECT pg_try_advisory_lock(hashtextextended(:name, 0))")
    deadline = time.monotonic() + UPGRADE_WAIT_SECONDS
    while not connection.execute(query, {"name": LOCK_NAME}).scalar_one():
        connection.rollback()
        if time.monotonic() > deadline:
            raise StartupError(
                f"Another process has been upgrading the database for {UPGRADE_WAIT_SECONDS} s."
            )
        time.sleep(POLL_SECONDS)
    connection.commit()


def _prepare_sqlite(connection: Any, _record: object) -> None:
    # SQLite changes a table by copying it and dropping the old one, which counts as deleting its
    # rows and would take those of every table that refers to it.  Takes effect outside of a
    # transaction only.
    connection.execute("PRAGMA foreign_keys=OFF")
    connection.execute(f"PRAGMA busy_timeout={UPGRADE_WAIT_SECONDS * 1000}")


def _check_references(session: Session) -> None:
    broken = session.execute(text("PRAGMA foreign_key_check")).all()
    if broken:
        raise RuntimeError(f"The upgrade would leave {len(broken)} rows that refer to nothing.")
