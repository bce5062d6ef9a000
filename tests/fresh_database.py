"""Databases at the newest revision, each a copy of one that this process upgraded once."""

import functools
import os
import tempfile
from pathlib import Path
from typing import Any

import psutil
import psycopg
from sqlalchemy.engine import make_url

from transcriber.infra.settings import Settings
from transcriber.migrations.upgrade import upgrade_database

POSTGRES = "host=127.0.0.1 user=postgres dbname=postgres"
POSTGRES_URL = "postgresql://postgres@127.0.0.1:5432/"
_TEMPLATE = "test_template_"


def prepare_database(settings: Settings) -> None:
    """Give an empty database the newest revision's shape; any other one is upgraded as it is."""
    url = make_url(settings.resolved_database_url)
    name = str(url.database)
    if url.get_backend_name() == "sqlite" and not Path(name).exists():
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_bytes(_make_sqlite_template())
    elif url.set(drivername="postgresql") == make_url(POSTGRES_URL + name) and _is_empty(name):
        _create_again(name, _make_postgres_template())
    else:
        upgrade_database(settings)


def execute(statement: str) -> list[Any]:
    """One statement on the server itself, outside of any transaction."""
    with psycopg.connect(POSTGRES, autocommit=True) as connection:
        cursor = connection.execute(statement.encode())
        return cursor.fetchall() if cursor.description else []


@functools.cache
def _make_sqlite_template() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "template.db"
        url = f"sqlite:///{path}"
        upgrade_database(Settings(_env_file=None, data_dir=Path(folder), database_url=url))
        assert not list(Path(folder).glob("*-wal")), "The template is not all in one file."
        return path.read_bytes()


@functools.cache
def _make_postgres_template() -> str:
    """Its name has the process that made it, so that what a killed one left behind is removed."""
    for (left,) in execute(f"SELECT datname FROM pg_database WHERE datname LIKE '{_TEMPLATE}%'"):
        if not psutil.pid_exists(int(left.removeprefix(_TEMPLATE))):
            execute(f"DROP DATABASE IF EXISTS {left} WITH (FORCE)")
    name = f"{_TEMPLATE}{os.getpid()}"
    execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
    execute(f"CREATE DATABASE {name}")
    with tempfile.TemporaryDirectory() as folder:
        url = f"{POSTGRES_URL}{name}"
        upgrade_database(Settings(_env_file=None, data_dir=Path(folder), database_url=url))
    return name


def _is_empty(name: str) -> bool:
    with psycopg.connect(f"host=127.0.0.1 user=postgres dbname={name}") as connection:
        found = connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")
        return found.fetchone() == (0,)


def _create_again(name: str, template: str) -> None:
    execute(f"DROP DATABASE {name} WITH (FORCE)")
    execute(f"CREATE DATABASE {name} TEMPLATE {template}")
