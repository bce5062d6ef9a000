"""Line 74 of the list of hostile inputs, and the origins that an operator names."""

from collections.abc import Generator
from pathlib import Path

import pytest
from httpx import Response
from starlette.testclient import TestClient

from api_keys import bear, make_key
from live_api import add_account
from service_context import build_settings, open_client, open_context
from transcriber.accounts.issuing import issue_account

OURS = "https://app.example.org"
OTHERS = (
    *(
        "https://evil.example",
        "null",
        "*",
        "http://app.example.org",
        "https://app.example.org.evil",
    ),
    *("https://app.example.org:8443", "https://evil.app.example.org", "HTTPS://APP.EXAMPLE.ORG"),
)


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Generator[TestClient]:
    settings = build_settings(tmp_path_factory.mktemp("cors"), cors_allowed_origins=(OURS,))
    with open_context(settings) as context, open_client(context) as opened:
        yield opened


@pytest.fixture(scope="module")
def key_headers(client: TestClient) -> dict[str, str]:
    owner = {"Authorization": f"Bearer {add_account(client.app.state.context)[1]}"}
    return bear(make_key(client, owner))


def list_cors(answer: Response) -> set[str]:
    return {name for name in answer.headers if name.startswith("access-control")}


def ask_before(client: TestClient, origin: str, method: str, path: str, headers: str) -> Response:
    preflight = {
        "Origin": origin,
        "Access-Control-Request-Method": method,
        "Access-Control-Request-Headers": headers,
    }
    return client.options(path, headers=preflight)


def test_a_named_origin_reads_with_a_key(client: TestClient, key_headers: dict[str, str]) -> None:
    for path, status in (("/auth/me", 200), ("/jobs/nothing", 422), (f"/jobs/{'0' * 32}", 404)):
        answer = client.get(path, headers={"Origin": OURS, **key_headers})
        assert answer.status_code == status
        assert answer.headers["access-control-allow-origin"] == OURS
        assert "Origin" in answer.headers["vary"]
        assert "access-control-allow-credentials" not in answer.headers
        assert "X-Request-ID" in answer.headers["access-control-expose-headers"]


@pytest.mark.parametrize(
    ("method", "path", "headers"),
    [
        ("POST", "/jobs/", "authorization, idempotency-key"),
        ("PATCH", f"/uploads/tus/{'0' * 32}", "authorization, tus-resumable, upload-offset"),
        ("PUT", f"/uploads/{'0' * 32}/chunks/0", "authorization, content-digest"),
        ("GET", "/jobs/events", "authorization, last-event-id"),
        ("DELETE", f"/jobs/{'0' * 32}", "authorization"),
    ],
)
def test_a_named_origin_may_use_the_whole_api(
    client: TestClient, method: str, path: str, headers: str
) -> None:
    answer = ask_before(client, OURS, method, path, headers)
    assert answer.status_code == 200
    assert answer.headers["access-control-allow-origin"] == OURS
    assert method in answer.headers["access-control-allow-methods"]
    assert "access-control-allow-credentials" not in answer.headers


def test_not_even_a_named_origin_sends_the_legacy_header_or_uses_a_cookie(
    client: TestClient,
) -> None:
    context = client.app.state.context
    assert ask_before(client, OURS, "GET", "/jobs/", "x-user-id").status_code == 400
    user = issue_account(context.database, context.settings, "cookie user", "user")
    body = {"name": user.name, "password": user.password}
    assert client.post("/auth/login", json=body).status_code == 200
    refused = client.post("/auth/logout", headers={"Origin": OURS, "Sec-Fetch-Site": "cross-site"})
    assert (refused.status_code, refused.json()["code"]) == (403, "cross_site")
    client.cookies = {}


@pytest.mark.parametrize("origin", OTHERS)
def test_no_other_origin_gets_any_header_of_cors(
    client: TestClient, key_headers: dict[str, str], origin: str
) -> None:
    for answer in (
        client.get("/auth/me", headers={"Origin": origin, **key_headers}),
        client.get("/healthz", headers={"Origin": origin}),
        client.get("/", headers={"Origin": origin}),
        ask_before(client, origin, "POST", "/jobs/", "authorization"),
        ask_before(client, origin, "PATCH", f"/uploads/tus/{'0' * 32}", "tus-resumable"),
    ):
        assert list_cors(answer) == set()


def test_closed_by_default(tmp_path: Path) -> None:
    with open_context(build_settings(tmp_path)) as context, open_client(context) as client:
        for origin in (OURS, *OTHERS):
            assert list_cors(client.get("/healthz", headers={"Origin": origin})) == set()
            assert list_cors(ask_before(client, origin, "POST", "/jobs/", "range")) == set()
