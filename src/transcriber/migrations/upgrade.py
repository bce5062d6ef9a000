"""Bringing a database to the newest revision, once, however many processes start at the same time.

PostgreSQL serialises them with an advisory lock; SQLite by its single writer.
"""

from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import event, text
from sqlalchemy.orm import Session

from transcriber.infra.database import Database
from transcriber.infra.settings import Settings

LOCK_NAME = "transcriber.migrations"
# A concurrent starter waits for the whole upgrade, not for one row.
UPGRADE_WAIT_SECONDS = 300


def upgrade_database(settings: Settings) -> None:
    """Apply every revision the database lacks, in one transaction.

    Raises:
        sqlalchemy.exc.OperationalError: when the database is away.
    """
    # A revision may rewrite a large table.
    database = Database(settings.resolved_database_url, answer_seconds=None)
    if database.is_sqlite:
        event.listen(database.engine, "connect", _prepare_sqlite)
    try:
        with database.unit_of_work() as uow:
            _prepare_wait(uow.session, is_sqlite=database.is_sqlite)
            uow.acquire_lock(LOCK_NAME)
            config = build_config()
            config.attributes["connection"] = uow.session.connection()
            command.upgrade(config, "head")
            if database.is_sqlite:
                _check_references(uow.session)
    finally:
        database.dispose()


def build_config() -> Config:
    """Alembic's configuration, without a file: the revisions travel inside the package."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    return config


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


def _prepare_wait(session: Session, *, is_sqlite: bool) -> None:
    if is_sqlite:
        # The first statement begins the write transaction and waits for the other starters.
        session.execute(text("SELECT 1"))
        return
    session.execute(text(f"SET LOCAL lock_timeout = '{UPGRADE_WAIT_SECONDS}s'"))
    session.execute(text("SET LOCAL idle_in_transaction_session_timeout = 0"))
