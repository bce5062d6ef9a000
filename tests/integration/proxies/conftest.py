"""Each proxy in turn; skipped where it is not installed."""

from collections.abc import Generator

import httpx
import pytest

from proxied_service import Site, open_site
from proxy_servers import find_program


@pytest.fixture(scope="session", params=["nginx", "caddy"])
def kind(request: pytest.FixtureRequest) -> str:
    if find_program(request.param) is None:
        pytest.skip(f"{request.param} is not installed; `make proxies` installs and runs it.")
    return request.param


@pytest.fixture(scope="session")
def site(kind: str, tmp_path_factory: pytest.TempPathFactory) -> Generator[Site]:
    with open_site(kind, tmp_path_factory.mktemp(kind)) as opened:
        yield opened


@pytest.fixture
def http(site: Site) -> Generator[httpx.Client]:
    """A signed-in program, through the proxy."""
    with site.proxy.open_client(site.headers) as client:
        yield client
