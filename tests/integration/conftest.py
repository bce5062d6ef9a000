"""Every test here that asks for `context` runs on both databases."""

from collections.abc import Generator
from contextlib import ExitStack
from pathlib import Path

import pytest
from starlette.testclient import TestClient

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
