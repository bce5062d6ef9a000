from collections.abc import Generator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from service_context import build_settings, open_context
from transcriber.app import create_app

PAGE = "<!doctype html><title>Transcriber</title>"
BROWSER = {"Accept": "text/html,*/*;q=0.8"}


@pytest.fixture
def site(tmp_path: Path) -> Path:
    directory = tmp_path / "static"
    (directory / "assets").mkdir(parents=True)
    (directory / "index.html").write_text(PAGE)
    (directory / "assets" / "app-abc123.js").write_text("let a = 1;")
    (tmp_path / "secret.txt").write_text("CANARY")
    (directory / "link.txt").symlink_to(tmp_path / "secret.txt")
    return directory


@pytest.fixture
def client(tmp_path: Path, site: Path) -> Generator[TestClient]:
    with open_context(build_settings(tmp_path / "data")) as context:
        yield TestClient(create_app(context, static_dir=site))


@pytest.mark.parametrize("path", ["/", "/library", "/settings/profile"])
def test_every_page_address_shows_the_one_page(client: TestClient, path: str) -> None:
    answer = client.get(path, headers=BROWSER)
    assert (answer.status_code, answer.text) == (200, PAGE)
    assert answer.headers["cache-control"] == "no-cache"
    assert "script-src 'self';" in answer.headers["content-security-policy"]
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_assets_are_kept_for_ever_and_ranges_are_not_served(client: TestClient) -> None:
    ranges = ",".join(f"{n}-{n + 1}" for n in range(200))
    answer = client.get("/assets/app-abc123.js", headers={"Range": f"bytes={ranges}"})
    assert (answer.status_code, answer.text) == (200, "let a = 1;")
    assert "immutable" in answer.headers["cache-control"]


@pytest.mark.parametrize("path", ["/jobs/x/y", "/api/nothing", "/v1/nothing", "/assets/gone.js"])
def test_unknown_api_addresses_stay_problems(client: TestClient, path: str) -> None:
    answer = client.get(path, headers={"Accept": "application/json"})
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_a_browser_at_an_api_address_gets_no_page(client: TestClient) -> None:
    assert client.get("/api/nothing", headers=BROWSER).status_code == 404
    assert client.post("/library", headers=BROWSER).status_code == 404


def test_a_name_too_long_for_the_file_system_is_no_fault(client: TestClient) -> None:
    path = "/" + "a" * 5_000
    answer = client.get(path, headers={"Accept": "application/json"})
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert client.get(path, headers=BROWSER).text == PAGE


@pytest.mark.parametrize("path", ["/../secret.txt", "/%2e%2e/secret.txt", "/link.txt", "//secret"])
def test_nothing_outside_the_build_is_read(client: TestClient, path: str) -> None:
    assert "CANARY" not in client.get(path).text


def test_a_missing_build_says_so_in_one_sentence(tmp_path: Path) -> None:
    with open_context(build_settings(tmp_path / "data")) as context:
        client = TestClient(create_app(context, static_dir=tmp_path / "none"))
        answer = client.get("/", headers=BROWSER)
    assert (answer.status_code, answer.json()["code"]) == (404, "web_not_built")
    assert "make web" in answer.json()["detail"]
