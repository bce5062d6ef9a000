"""One service for each database, emptied before every test, and transcripts to export."""

from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from job_builders import add_job, empty_service, must_claim, store_plan, store_span
from service_context import (
    build_settings,
    create_postgres_database,
    open_client,
    open_context,
    require_first_admin,
    sign_in,
)
from transcriber.infra.context import Context

AddTranscript = Callable[..., str]
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
    found: Service = request.getfixturevalue(f"{request.param}_service")
    empty_service(found[0])
    return found


@pytest.fixture
def context(service: Service) -> Context:
    return service[0]


@pytest.fixture
def client(service: Service) -> TestClient:
    """Signed in as an administrator."""
    return service[1]


@pytest.fixture
def user_id(client: TestClient) -> str:
    return str(client.get("/auth/me").json()["user_id"])


@pytest.fixture
def add_transcript(context: Context, user_id: str) -> AddTranscript:
    """Adds the transcript of a finished job: the caller's, unless another owner is named."""

    def add(*texts: str, name: str = "talk.mp3", owner: str = user_id) -> str:
        job_id = add_job(context, owner, name=name)
        store_plan(context, must_claim(context), 1)
        store_span(context, must_claim(context), texts)
        return job_id

    return add


@contextmanager
def _open(data_dir: Path, **choices: object) -> Generator[Service]:
    settings = build_settings(data_dir, disk_low_water_bytes=0, **choices)
    with open_context(settings) as context:
        admin = require_first_admin(context)
        with open_client(context) as client:
            client.headers.update(sign_in(client, admin))
            yield context, client
