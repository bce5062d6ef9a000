"""Builders of a service for tests: a context over a fresh database, and a client of its API."""

import secrets
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from starlette.testclient import TestClient

from fresh_database import POSTGRES_URL, execute, prepare_database
from light_passwords import hash_lightly
from transcriber.accounts.passwords import IssuedPassword, create_password
from transcriber.accounts.repository import AccountRepository
from transcriber.accounts.service import AccountService
from transcriber.accounts.sessions import read_session_lifetime
from transcriber.app import create_app
from transcriber.infra.context import Context
from transcriber.infra.database import Database
from transcriber.infra.settings import Settings
from transcriber.infra.storage import build_storage


class RecordingQueue:
    """A queue that remembers its tokens; without `is_up` it does not answer."""

    def __init__(self) -> None:
        self.published: list[tuple[str, int | None]] = []
        self.is_up = True

    def publish(self, job_id: str, span_index: int | None = None) -> None:
        self.published.append((job_id, span_index))

    def ping(self) -> bool:
        return self.is_up

    def count_tokens(self) -> int | None:
        return len(self.published) if self.is_up else None

    def close(self) -> None:
        self.is_up = False


@contextmanager
def create_postgres_database() -> Generator[str]:
    """A database of its own on the local PostgreSQL; gone afterwards."""
    name = f"test_{secrets.token_hex(6)}"
    execute(f"CREATE DATABASE {name}")
    try:
        yield f"{POSTGRES_URL}{name}"
    finally:
        execute(f"DROP DATABASE {name} WITH (FORCE)")


def build_settings(data_dir: Path, **choices: Any) -> Settings:
    """Settings that see neither the environment's .env file nor the repository's folders."""
    return Settings(
        _env_file=None, **{"data_dir": data_dir, "models_dir": data_dir / "models", **choices}
    )


@contextmanager
def open_context(settings: Settings) -> Generator[Context]:
    """The parts of a process over an upgraded database, with a queue that only remembers."""
    prepare_database(settings)
    context = Context(
        settings=settings,
        database=Database(settings.resolved_database_url),
        storage=build_storage(settings),
        queue=RecordingQueue(),
    )
    try:
        yield context
    finally:
        context.close()


@contextmanager
def open_client(context: Context, **options: Any) -> Generator[TestClient]:
    """A client of the whole application, guards included."""
    app = create_app(context)
    with TestClient(app, raise_server_exceptions=False, **options) as client:
        yield client


def require_first_admin(context: Context) -> IssuedPassword:
    """The administrator of a fresh database, as the service would make it."""
    admin = IssuedPassword(name=context.settings.first_admin_name, password=create_password())
    with context.database.unit_of_work() as uow:
        rows = AccountRepository(uow.session)
        assert not rows.count()
        service = AccountService(rows, read_session_lifetime(context.settings))
        service.create_account(admin.name, hash_lightly(admin.password), "admin", actor="service")
    return admin


def sign_in(client: TestClient, admin: IssuedPassword) -> dict[str, str]:
    """The headers of a signed-in program."""
    body = {"name": admin.name, "password": admin.password, "kind": "bearer"}
    answer = client.post("/auth/login", json=body)
    assert answer.status_code == 200, answer.text
    return {"Authorization": f"Bearer {answer.json()['token']}"}
