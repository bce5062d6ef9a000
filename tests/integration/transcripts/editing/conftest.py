"""One service for each database, emptied before every test, and a finished transcript in it."""

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from job_builders import empty_service
from service_context import (
    build_settings,
    create_postgres_database,
    open_client,
    open_context,
    require_first_admin,
    sign_in,
)
from transcriber.infra.context import Context
from transcript_builders import add_transcript

Service = tuple[Context, TestClient]


@pytest.fixture(scope="session")
def sqlite_service(tmp_path_factory: pytest.TempPathFactory) -> Generator[Service]:
    with _open(tmp_path_factory.mktemp("sqlite")) as service:
        yield service


@pytest.fixture(scope="session")
def postgres_service(tmp_path_factory: pytest.TempPathFactory) -> Generator[Service]:
    with (
        create_postgres_database() as url,
        _open(tmp_path_factory.mktemp("postgres"), database_url=url) as service,
    ):
        yield service


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def service(request: pytest.FixtureRequest) -> Service:
    service: Service = request.getfixturevalue(f"{request.param}_service")
    empty_service(service[0])
    return service


@pytest.fixture
def context(service: Service) -> Context:
    return service[0]


@pytest.fixture
def client(service: Service) -> TestClient:
    return service[1]


@pytest.fixture
def user_id(client: TestClient) -> str:
    return str(client.get("/auth/me").json()["user_id"])


@pytest.fixture
def path(context: Context, user_id: str) -> str:
    """The address of a transcript of the caller's."""
    return f"/transcripts/{add_transcript(context, user_id)}"


@contextmanager
def _open(data_dir: Path, **choices: Any) -> Generator[Service]:
    settings = build_settings(data_dir, disk_low_water_bytes=0, **choices)
    with open_context(settings) as context:
        admin = require_first_admin(context)
        with open_client(context) as client:
            client.headers.update(sign_in(client, admin))
            yield context, client
