"""One service for each database, emptied before every test."""

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import pytest

from job_builders import empty_service
from service_context import build_settings, create_postgres_database, open_context
from transcriber.infra.context import Context


@pytest.fixture(scope="session")
def sqlite_context(tmp_path_factory: pytest.TempPathFactory) -> Generator[Context]:
    with _open(tmp_path_factory.mktemp("sqlite")) as opened:
        yield opened


@pytest.fixture(scope="session")
def postgresql_context(tmp_path_factory: pytest.TempPathFactory) -> Generator[Context]:
    with (
        create_postgres_database() as url,
        _open(tmp_path_factory.mktemp("postgresql"), database_url=url) as opened,
    ):
        yield opened


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def context(request: pytest.FixtureRequest) -> Context:
    context: Context = request.getfixturevalue(f"{request.param}_context")
    empty_service(context)
    return context


@contextmanager
def _open(folder: Path, **choices: str) -> Generator[Context]:
    with open_context(build_settings(folder, **choices)) as opened:
        yield opened
