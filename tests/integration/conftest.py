"""Every test here that asks for `context` runs on both databases."""

import fcntl
import tempfile
from collections.abc import Generator
from contextlib import ExitStack
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from s3_proxy import S3Proxy, open_s3_proxy
from s3_server import BUCKET, S3Server, run_s3_server
from service_context import (
    build_settings,
    create_postgres_database,
    open_client,
    open_context,
    require_first_admin,
    sign_in,
)
from transcriber.infra.context import Context
from transcriber.infra.settings import Settings
from transcriber.infra.storage.s3 import S3Storage
from transcriber.infra.storage.s3_client import Patience, build_client

S3_PATIENCE = Patience(connect_seconds=2.0, silence_seconds=3.0, attempts=2)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Generator[Settings]:
    if request.param == "sqlite":
        yield build_settings(tmp_path)
        return
    with create_postgres_database() as url:
        yield build_settings(tmp_path, database_url=url)


@pytest.fixture
def context(settings: Settings) -> Generator[Context]:
    with open_context(settings) as opened:
        yield opened


@pytest.fixture
def client(context: Context) -> Generator[TestClient]:
    with open_client(context) as opened:
        yield opened


@pytest.fixture(
    scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]
)
def shared_client(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Generator[TestClient]:
    """One service for a whole file of requests that change nothing."""
    with ExitStack() as stack:
        choices: dict[str, str] = {}
        if request.param == "postgresql":
            choices["database_url"] = stack.enter_context(create_postgres_database())
        settings = build_settings(tmp_path_factory.mktemp("shared"), **choices)
        yield stack.enter_context(open_client(stack.enter_context(open_context(settings))))


@pytest.fixture(scope="module")
def shared_headers(shared_client: TestClient) -> dict[str, str]:
    """A signed-in administrator of that service."""
    return sign_in(shared_client, require_first_admin(shared_client.app.state.context))


@pytest.fixture
def brokers_alone() -> Generator[None]:
    """One such test at a time on this machine: they read the same queue of its own brokers."""
    with (Path(tempfile.gettempdir()) / "transcriber-tests-brokers.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@pytest.fixture(scope="session")
def s3_server(tmp_path_factory: pytest.TempPathFactory) -> Generator[S3Server]:
    with run_s3_server(tmp_path_factory.mktemp("s3")) as running:
        yield running


@pytest.fixture
def s3_proxy(s3_server: S3Server) -> Generator[S3Proxy]:
    """A faulty way to an empty bucket."""
    s3_server.empty()
    with open_s3_proxy(s3_server) as proxy:
        yield proxy


@pytest.fixture
def s3_storage(s3_server: S3Server, s3_proxy: S3Proxy, tmp_path: Path) -> Generator[S3Storage]:
    """A storage behind that proxy, which gives up sooner than the service's own."""
    choices = s3_server.choices | {"s3_endpoint_url": s3_proxy.url}
    settings = build_settings(tmp_path / "s3", **choices)
    storage = S3Storage(
        build_client(settings, S3_PATIENCE),
        bucket=BUCKET,
        prefix="",
        scratch_dir=settings.resolved_scratch_dir,
        low_water_bytes=0,
    )
    yield storage
    storage.close()
