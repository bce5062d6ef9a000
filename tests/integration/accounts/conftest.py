"""Every test here that asks for `context` runs on both databases."""

from collections.abc import Generator
from pathlib import Path

import pytest
from service_context import build_settings, create_postgres_database, open_client, open_context
from starlette.testclient import TestClient

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
