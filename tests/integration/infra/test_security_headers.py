"""Headers that every answer carries, a refusal as much as a page."""

from collections.abc import Generator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from service_context import build_settings, open_client, open_context
from transcriber.app import create_app

PAGE = "<!doctype html><title>T</title><script src='/assets/a.js'></script>"
PATHS = ("/", "/library", "/healthz", "/auth/me", "/jobs/nothing", "/nothing.js", "/openapi.json")


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Generator[TestClient]:
    directory = tmp_path_factory.mktemp("headers")
    (directory / "static").mkdir()
    (directory / "static" / "index.html").write_text(PAGE)
    with open_context(build_settings(directory)) as context:
        app = create_app(context, static_dir=directory / "static")
        with TestClient(app, raise_server_exceptions=False) as opened:
            yield opened


@pytest.mark.parametrize("path", PATHS)
def test_every_answer_keeps_a_browser_within_its_bounds(client: TestClient, path: str) -> None:
    headers = client.get(path).headers
    policy = dict(part.split(" ", 1) for part in headers["content-security-policy"].split("; "))
    assert policy["default-src"] == policy["script-src"] == policy["connect-src"] == "'self'"
    assert policy["object-src"] == policy["base-uri"] == policy["frame-src"] == "'none'"
    assert policy["frame-ancestors"] == "'none'"
    assert policy["form-action"] == "'self'"
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert headers["x-permitted-cross-domain-policies"] == "none"
    for feature in ("camera", "microphone", "geolocation"):
        assert f"{feature}=()" in headers["permissions-policy"]
    assert "server" not in headers


def test_they_are_on_errors_and_refused_bodies_too(client: TestClient) -> None:
    for answer in (
        client.post("/auth/login", content="{", headers={"Content-Type": "application/json"}),
        client.post("/auth/login", json={}, headers={"Sec-Fetch-Site": "cross-site"}),
        client.request("TRACE", "/jobs/"),
    ):
        assert answer.status_code >= 400
        assert "content-security-policy" in answer.headers
        assert answer.headers["cache-control"] == "no-store"


def test_transport_security_is_for_encrypted_connections_alone(tmp_path: Path) -> None:
    with open_context(build_settings(tmp_path)) as context:
        for scheme, expected in (("http", None), ("https", "max-age=31536000")):
            with open_client(context, base_url=f"{scheme}://testserver") as client:
                headers = client.get("/healthz").headers
                assert headers.get("strict-transport-security") == expected
