"""One service for each database and storage, emptied before every test."""

from collections.abc import Generator
from contextlib import ExitStack
from dataclasses import replace

import pytest
from starlette.testclient import TestClient

from job_builders import empty_service
from s3_server import S3Server
from service_context import (
    RecordingQueue,
    build_settings,
    create_postgres_database,
    open_client,
    open_context,
    require_first_admin,
    sign_in,
)
from transcriber.infra.context import Context
from transcriber.infra.settings import Settings
from transcriber.infra.storage import build_storage

CHUNK_BYTES = 64 * 1024


@pytest.fixture(
    scope="session", params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]
)
def local_context(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Generator[Context]:
    """A service with a disk, and one signed-in administrator for all tests."""
    with ExitStack() as stack:
        choices: dict[str, str] = {}
        if request.param == "postgres":
            choices["database_url"] = stack.enter_context(create_postgres_database())
        settings = build_settings(
            tmp_path_factory.mktemp(request.param),
            disk_low_water_bytes=0,
            upload_chunk_bytes=CHUNK_BYTES,
            **choices,
        )
        settings.models_dir.mkdir()
        (settings.models_dir / "base.pt").write_bytes(b"not looked at here")
        yield stack.enter_context(open_context(settings))


@pytest.fixture(scope="session")
def local_client(local_context: Context) -> Generator[TestClient]:
    """A client of the whole application; building one takes a while, so all tests share it."""
    with open_client(local_context) as opened:
        opened.headers.update(sign_in(opened, require_first_admin(local_context)))
        yield opened


@pytest.fixture(scope="session")
def store_context(local_context: Context, s3_server: S3Server) -> Generator[Context]:
    """The same rows, with the bytes in an object store."""
    settings = Settings.model_validate({**local_context.settings.model_dump(), **s3_server.choices})
    storage = build_storage(settings)
    yield replace(local_context, settings=settings, storage=storage)
    storage.close()


@pytest.fixture(scope="session")
def store_client(store_context: Context, local_client: TestClient) -> Generator[TestClient]:
    with open_client(store_context) as opened:
        opened.headers.update(local_client.headers)
        yield opened


@pytest.fixture
def context(local_context: Context) -> Context:
    """Uploads on a disk."""
    empty_service(local_context)
    local_context.draining.clear()
    assert isinstance(local_context.queue, RecordingQueue)
    local_context.queue.published.clear()
    return local_context


@pytest.fixture
def client(local_client: TestClient, context: Context) -> TestClient:
    return local_client


@pytest.fixture(params=["local", "s3"])
def any_context(request: pytest.FixtureRequest, context: Context) -> Context:
    """Both storages in turn."""
    if request.param == "local":
        return context
    server: S3Server = request.getfixturevalue("s3_server")
    server.empty()
    found: Context = request.getfixturevalue("store_context")
    return found


@pytest.fixture
def any_client(any_context: Context, request: pytest.FixtureRequest) -> TestClient:
    is_local = any_context.settings.storage == "local"
    found: TestClient = request.getfixturevalue("local_client" if is_local else "store_client")
    return found
