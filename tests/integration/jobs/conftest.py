"""One service for each database, emptied before every test."""

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from job_builders import empty_service
from service_context import (
    RecordingQueue,
    build_settings,
    create_postgres_database,
    open_client,
    open_context,
    require_first_admin,
    sign_in,
)
from transcriber.accounts.passwords import IssuedPassword
from transcriber.infra.context import Context


@pytest.fixture(scope="session")
def sqlite_context(tmp_path_factory: pytest.TempPathFactory) -> Generator[Context]:
    with open_context(_build(tmp_path_factory.mktemp("sqlite"))) as context:
        yield context


@pytest.fixture(scope="session")
def postgres_context(tmp_path_factory: pytest.TempPathFactory) -> Generator[Context]:
    with (
        create_postgres_database() as url,
        open_context(_build(tmp_path_factory.mktemp("postgres"), database_url=url)) as context,
    ):
        yield context


@pytest.fixture(scope="session")
def sqlite_admin(sqlite_context: Context) -> IssuedPassword:
    return require_first_admin(sqlite_context)


@pytest.fixture(scope="session")
def postgres_admin(postgres_context: Context) -> IssuedPassword:
    return require_first_admin(postgres_context)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def context(request: pytest.FixtureRequest) -> Context:
    context: Context = request.getfixturevalue(f"{request.param}_context")
    # Before any test adds an account of its own, after which there would be no first one to make.
    request.getfixturevalue(f"{request.param}_admin")
    empty_service(context)
    context.draining.clear()
    list_tokens(context).clear()
    return context


@pytest.fixture
def tokens(context: Context) -> list[tuple[str, int | None]]:
    return list_tokens(context)


@pytest.fixture(scope="session")
def sqlite_client(sqlite_context: Context, sqlite_admin: IssuedPassword) -> Generator[TestClient]:
    with _open_signed_in(sqlite_context, sqlite_admin) as client:
        yield client


@pytest.fixture(scope="session")
def postgres_client(
    postgres_context: Context, postgres_admin: IssuedPassword
) -> Generator[TestClient]:
    with _open_signed_in(postgres_context, postgres_admin) as client:
        yield client


@pytest.fixture
def client(request: pytest.FixtureRequest, context: Context) -> TestClient:
    """A client signed in as an administrator, on the database of `context`."""
    name = "sqlite_client" if context.database.is_sqlite else "postgres_client"
    client: TestClient = request.getfixturevalue(name)
    return client


@contextmanager
def _open_signed_in(context: Context, admin: IssuedPassword) -> Generator[TestClient]:
    context.settings.models_dir.mkdir(exist_ok=True)
    (context.settings.models_dir / "base.pt").write_bytes(b"not looked at here")
    with open_client(context) as client:
        client.headers.update(sign_in(client, admin))
        yield client


def list_tokens(context: Context) -> list[tuple[str, int | None]]:
    assert isinstance(context.queue, RecordingQueue)
    return context.queue.published


def _build(data_dir: Path, **choices: object):  # noqa: ANN202 -- Settings, whose import is not needed
    return build_settings(data_dir, disk_low_water_bytes=0, **choices)
