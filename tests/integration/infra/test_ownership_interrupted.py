"""An upgrade that gives owners is killed at any moment, and the next one goes on."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Generator
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from migration_steps import move
from ownership_rows import BACKFILL, OWNED, find_revision_before, populate
from service_context import build_settings, create_postgres_database
from transcriber.infra.database import Database
from transcriber.infra.settings import Settings
from transcriber.migrations.head import is_at_head
from transcriber.migrations.upgrade import upgrade_database

JOBS = 10_000
PATIENCE_SECONDS = 120
POLL_SECONDS = 0.01

HALF_FILLED = "SELECT EXISTS (SELECT 1 FROM {0} WHERE user_id IS NOT NULL)"
INDEXED = "SELECT to_regclass('{0}') IS NOT NULL"
# What must have begun when the process is killed.
MOMENTS = (
    HALF_FILLED.format("jobs"),
    INDEXED.format("ix_jobs_user_id"),
    HALF_FILLED.format("segments"),
    HALF_FILLED.format("job_events"),
)


@pytest.fixture
def older(settings: Settings) -> Settings:
    """An installation at the last revision without owners."""
    populate(settings, JOBS)
    move(settings, find_revision_before(), is_up=True)
    return settings.model_copy(update={"ownership_backfill_user_id": BACKFILL})


def test_a_killed_upgrade_goes_on_where_it_was(older: Settings) -> None:
    database = Database(older.resolved_database_url)
    if database.is_sqlite:
        wal = Path(f"{database.engine.url.database}-wal")
        kill_when(older, lambda: wal.exists() and wal.stat().st_size > 1024**2)
    else:
        for moment in MOMENTS:
            kill_when(older, lambda moment=moment: is_true(database, moment))
    database.dispose()
    with database.snapshot() as session:
        assert not is_at_head(session)
    notes = upgrade_database(older)
    with database.snapshot() as session:
        assert is_at_head(session)
        for table in OWNED:
            query = f"SELECT count(*) FROM {table} WHERE user_id IS NULL"
            assert session.scalar(text(query)) == 0
        backfilled = "SELECT count(*) FROM jobs WHERE user_id = :owner"
        assert session.scalar(text(backfilled), {"owner": BACKFILL}) == JOBS // 100
        if not database.is_sqlite:
            invalid = "SELECT count(*) FROM pg_index WHERE NOT indisvalid"
            assert session.scalar(text(invalid)) == 0
            assert any("by an earlier, interrupted upgrade" in note for note in notes)
    database.dispose()


def kill_when(settings: Settings, has_come: Callable[[], bool]) -> None:
    """Upgrade in a process of its own and end that without warning at a certain moment."""
    process = subprocess.Popen(
        [sys.executable, "-m", "transcriber.migrations.apart"],
        env={**os.environ, **settings.to_environment()},
    )
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not has_come():
        assert process.poll() is None, "it ended before the moment came"
        assert time.monotonic() < deadline
        time.sleep(POLL_SECONDS)
    process.send_signal(signal.SIGKILL)
    process.wait()


def is_true(database: Database, query: str) -> bool:
    try:
        with database.snapshot() as session:
            return bool(session.scalar(text(query)))
    except DBAPIError:
        # The column is not there yet, or is being added.
        return False


@pytest.fixture
def small_postgres(tmp_path: Path) -> Generator[Settings]:
    with create_postgres_database() as url:
        settings = build_settings(tmp_path, database_url=url, ownership_backfill_user_id=BACKFILL)
        populate(settings, 1_000)
        move(settings, find_revision_before(), is_up=True)
        yield settings


@pytest.mark.postgres
def test_an_index_that_was_left_unfinished_is_made_again(small_postgres: Settings) -> None:
    database = Database(small_postgres.resolved_database_url)
    with database.unit_of_work() as uow:
        for statement in (
            "ALTER TABLE jobs ADD COLUMN user_id VARCHAR(64)",
            "CREATE INDEX ix_jobs_user_id ON jobs (user_id)",
            (
                "UPDATE pg_index SET indisvalid = false"
                " WHERE indexrelid = to_regclass('ix_jobs_user_id')"
            ),
        ):
            uow.session.execute(text(statement))
    upgrade_database(small_postgres)
    with database.snapshot() as session:
        valid = "SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass('ix_jobs_user_id')"
        assert session.scalar(text(valid)) is True
    database.dispose()
