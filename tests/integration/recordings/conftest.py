"""A service on SQLite with a local disk, and one on PostgreSQL with a bucket."""

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from job_builders import empty_service
from s3_server import S3Server, run_s3_server
from service_context import (
    build_settings,
    create_postgres_database,
    open_client,
    open_context,
    require_first_admin,
    sign_in,
)
from transcriber.infra.context import Context


@pytest.fixture(scope="session")
def bucket(tmp_path_factory: pytest.TempPathFactory) -> Generator[S3Server]:
    with run_s3_server(tmp_path_factory.mktemp("s3")) as server:
        yield server


@pytest.fixture(scope="session")
def local_service(
    tmp_path_factory: pytest.TempPathFactory,
) -> Generator[tuple[Context, TestClient]]:
    with _open(tmp_path_factory.mktemp("local")) as service:
        yield service


@pytest.fixture(scope="session")
def remote_service(
    tmp_path_factory: pytest.TempPathFactory, bucket: S3Server
) -> Generator[tuple[Context, TestClient]]:
    with (
        create_postgres_database() as url,
        _open(tmp_path_factory.mktemp("remote"), database_url=url, **bucket.choices) as service,
    ):
        yield service


@pytest.fixture(params=["local", pytest.param("remote", marks=pytest.mark.postgres)])
def service(request: pytest.FixtureRequest) -> tuple[Context, TestClient]:
    context, client = request.getfixturevalue(f"{request.param}_service")
    if request.param == "remote":
        request.getfixturevalue("bucket").empty()
    empty_service(context)
    return context, client


@pytest.fixture
def context(service: tuple[Context, TestClient]) -> Context:
    return service[0]


@pytest.fixture
def client(service: tuple[Context, TestClient]) -> TestClient:
    """A client signed in as an administrator, which is an account as any other here."""
    return service[1]


@pytest.fixture
def user_id(client: TestClient) -> str:
    return str(client.get("/auth/me").json()["user_id"])


@contextmanager
def _open(data_dir: Path, **choices: object) -> Generator[tuple[Context, TestClient]]:
    settings = build_settings(data_dir, disk_low_water_bytes=0, **choices)
    settings.models_dir.mkdir(exist_ok=True)
    (settings.models_dir / "base.pt").write_bytes(b"not looked at here")
    with open_context(settings) as context, open_client(context) as client:
        client.headers.update(sign_in(client, require_first_admin(context)))
        yield context, client
