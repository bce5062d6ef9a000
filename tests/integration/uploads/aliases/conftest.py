"""The application with both kinds of redirects, on both databases."""

from collections.abc import Generator

import pytest
from starlette.testclient import TestClient

from alias_service import AliasService, open_alias_service
from transcriber.infra.context import Context


@pytest.fixture(scope="session")
def service_308(local_context: Context, local_client: TestClient) -> Generator[AliasService]:
    with open_alias_service(local_context, local_client.headers) as opened:
        yield opened


@pytest.fixture(scope="session")
def service_301(local_context: Context, local_client: TestClient) -> Generator[AliasService]:
    with open_alias_service(
        local_context, local_client.headers, upload_alias_always_301=True
    ) as opened:
        yield opened


@pytest.fixture
def service(service_308: AliasService, context: Context) -> Generator[AliasService]:
    """The usual one, active."""
    service_308.enter("active")
    yield service_308
    # What is still to be written shall not appear in the next test.
    service_308.counter.write()


@pytest.fixture
def old_service(service_301: AliasService, context: Context) -> Generator[AliasService]:
    """The one that redirects with 301 throughout, active."""
    service_301.enter("active")
    yield service_301
    service_301.counter.write()


@pytest.fixture(params=["308", "301"])
def any_service(request: pytest.FixtureRequest, context: Context) -> AliasService:
    """Both kinds of redirects in turn."""
    name = "service" if request.param == "308" else "old_service"
    found: AliasService = request.getfixturevalue(name)
    return found
