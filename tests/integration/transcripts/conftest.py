"""One service for each database, kept for the session and emptied before every test."""

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

KeptService = tuple[Context, TestClient]


@pytest.fixture(scope="session")
def sqlite_service(tmp_path_factory: pytest.TempPathFactory) -> Generator[KeptService]:
    with _open(tmp_path_factory.mktemp("sqlite")) as service:
        yield service


@pytest.fixture(scope="session")
def postgres_service(tmp_path_factory: pytest.TempPathFactory) -> Generator[KeptService]:
    with (
        create_postgres_database() as url,
        _open(tmp_path_factory.mktemp("postgres"), database_url=url) as service,
    ):
        yield service


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def kept_service(request: pytest.FixtureRequest) -> KeptService:
    """The service and a client, signed in as its administrator."""
    service: KeptService = request.getfixturevalue(f"{request.param}_service")
    empty_service(service[0])
    return service


@contextmanager
def _open(data_dir: Path, **choices: Any) -> Generator[KeptService]:
    settings = build_settings(data_dir, disk_low_water_bytes=0, **choices)
    with open_context(settings) as context:
        admin = require_first_admin(context)
        with open_client(context) as client:
            client.headers.update(sign_in(client, admin))
            yield context, client
