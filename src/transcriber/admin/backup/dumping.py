"""Copying a database as one moment saw it, while the service goes on."""

import os
import sqlite3
import subprocess
from contextlib import closing
from datetime import datetime
from pathlib import Path

from sqlalchemy import URL, make_url, text

from transcriber.admin.backup.named_objects import list_named_objects
from transcriber.infra.clock import read_database_time
from transcriber.infra.database import Database
from transcriber.infra.errors import StartupError

PAGES_PER_STEP = 1_000
"""SQLite's copy lets writers in between two steps."""

Dump = tuple[datetime, dict[str, str | None]]


def dump_database(database: Database, target: Path) -> Dump:
    """Write the copy to `target`; returns its time and the objects its rows point at.

    Raises:
        StartupError: when the tools of PostgreSQL are missing or refuse.
    """
    part = target.with_name(f"{target.name}.part")
    part.unlink(missing_ok=True)
    found = _copy_sqlite(database, part) if database.is_sqlite else _dump_postgres(database, part)
    _sync(part)
    part.replace(target)
    return found


def load_postgres(url: str, source: Path) -> None:
    """Fill an empty PostgreSQL database from a dump.

    Raises:
        StartupError: when `pg_restore` is missing or refuses.
    """
    options = ["--exit-on-error", "--no-owner", "--no-privileges", "--single-transaction"]
    _run_tool(["pg_restore", *options, f"--dbname={_hide(url)}", str(source)], make_url(url))


def _copy_sqlite(database: Database, part: Path) -> Dump:
    with (
        closing(sqlite3.connect(database.engine.url.database or "")) as source,
        closing(sqlite3.connect(part)) as copy,
    ):
        source.backup(copy, pages=PAGES_PER_STEP)
        # The copy is one file: a journal beside it would be forgotten when it is moved.
        copy.execute("PRAGMA journal_mode=DELETE")
    copied = Database(f"sqlite:///{part}")
    try:
        with copied.snapshot() as session:
            found = read_database_time(session), list_named_objects(session)
    finally:
        copied.dispose()
    for suffix in ("-wal", "-shm"):
        part.with_name(part.name + suffix).unlink(missing_ok=True)
    return found


def _dump_postgres(database: Database, part: Path) -> Dump:
    url = database.engine.url.render_as_string(hide_password=False)
    with database.snapshot() as session:
        # The dump may take hours, and this transaction, which does nothing, must outlive it.
        session.execute(text("SET LOCAL idle_in_transaction_session_timeout = 0"))
        snapshot = session.execute(text("SELECT pg_export_snapshot()")).scalar_one()
        found = read_database_time(session), list_named_objects(session)
        options = ["--format=custom", f"--snapshot={snapshot}", f"--file={part}"]
        _run_tool(["pg_dump", *options, f"--dbname={_hide(url)}"], make_url(url))
    return found


def _run_tool(command: list[str], url: URL) -> None:
    # The password travels in the environment: a command line is for everyone to read.
    environment = os.environ | ({"PGPASSWORD": str(url.password)} if url.password else {})
    try:
        done = subprocess.run(  # noqa: S603 -- PostgreSQL's own tool on our own address
            command, env=environment, capture_output=True, text=True, check=False
        )
    except FileNotFoundError:
        raise StartupError(
            f"{command[0]} is not installed: install the client of your PostgreSQL's version."
        ) from None
    if done.returncode:
        reason = (done.stderr.strip().splitlines() or ["no reason given"])[0].rstrip(".")
        raise StartupError(f"{command[0]} failed: {reason}.")


def _hide(url: str) -> str:
    plain = make_url(url).set(drivername="postgresql")
    without_password = URL.create(
        "postgresql",
        username=plain.username,
        host=plain.host,
        port=plain.port,
        database=plain.database,
        query=plain.query,
    )
    return without_password.render_as_string(hide_password=False)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
