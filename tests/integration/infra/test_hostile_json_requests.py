import json

import pytest
from starlette.testclient import TestClient

HEADERS = {"Content-Type": "application/json"}


def _post(shared_client: TestClient, body: bytes, **headers: str) -> tuple[int, str]:
    answer = shared_client.post("/auth/login", content=body, headers=HEADERS | headers)
    assert answer.headers["content-type"] == "application/problem+json"
    document = answer.json()
    assert document["status"] == answer.status_code
    assert document["request_id"] == answer.headers["x-request-id"]
    return answer.status_code, document["code"]


def _login(name: str = '"a"', password: str = '"b"', more: str = "") -> bytes:
    return f'{{"name": {name}, "password": {password}{more}}}'.encode()


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(_login(name="NaN"), id="58-nan"),
        pytest.param(_login(name="Infinity"), id="58-infinity"),
        pytest.param(_login(more=', "x": 1e400'), id="58-1e400"),
        pytest.param(_login(name='"\\ud800"'), id="59-value"),
        pytest.param(_login(more=', "\\udfff": 1'), id="59-key"),
        pytest.param(_login(name='"a\\u0000b"'), id="60-nul"),
        pytest.param(_login(name="2147483648"), id="61-int32"),
        pytest.param(_login(name="9223372036854775808"), id="61-int64"),
        pytest.param(_login(name="1" * 5_000), id="64-digits"),
        pytest.param(_login(more=', "user_id": "x"'), id="66-user-id"),
        pytest.param(_login(more=', "is_admin": true'), id="66-is-admin"),
        pytest.param(_login(password=json.dumps("p" * 1_000_000)), id="78-password"),
        pytest.param(_login(password="null"), id="null"),
        pytest.param(b"[]", id="array"),
    ],
)
def test_values_that_are_not_acceptable_are_422(shared_client: TestClient, body: bytes) -> None:
    assert _post(shared_client, body) == (422, "invalid")


@pytest.mark.parametrize(
    ("body", "headers", "expected"),
    [
        pytest.param(b"[" * 100_000, {}, (400, "too_deep"), id="62-nesting"),
        pytest.param(_login(more=', "name": "c"'), {}, (400, "duplicate_key"), id="65-duplicate"),
        pytest.param(
            _login().decode().encode("utf-16"), {}, (400, "malformed_json"), id="65-utf16"
        ),
        pytest.param(
            _login(),
            {"Content-Type": "application/json; charset=utf-7"},
            (415, "unsupported_type"),
            id="65-utf7",
        ),
        pytest.param(
            _login(), {"Content-Type": "text/plain"}, (415, "unsupported_type"), id="text"
        ),
        pytest.param(
            _login(), {"Content-Encoding": "gzip"}, (415, "unsupported_type"), id="17-gzip"
        ),
        pytest.param(b"{", {}, (400, "malformed_json"), id="broken"),
    ],
)
def test_bodies_that_cannot_be_read_are_400_or_415(
    shared_client: TestClient, body: bytes, headers: dict[str, str], expected: tuple[int, str]
) -> None:
    assert _post(shared_client, body, **headers) == expected


def test_64_megabytes_of_json_are_413(shared_client: TestClient) -> None:
    assert _post(shared_client, b" " * 64 * 1024**2) == (413, "too_large")


def test_an_admin_cannot_be_made_by_assignment(
    shared_client: TestClient, shared_headers: dict[str, str]
) -> None:
    body = {"name": "eve", "password": "long enough pw", "is_admin": True}
    assert (
        shared_client.post("/api/admin/accounts", json=body, headers=shared_headers).status_code
        == 422
    )


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("limit=1000000000", 422),
        ("limit=9223372036854775808", 422),
        ("limit=-1", 422),
        ("limit=NaN", 422),
        ("limit=" + "1" * 5_000, 422),
        ("cursor=tampered", 422),
        ("cursor=%00", 422),
        ("cursor=%ff", 422),
        ("cursor=" + "a" * 300, 422),
        ("sort=;drop", 422),
        ("Limit=5", 422),
        ("%ff=1", 422),
        ("limit=5", 200),
    ],
)
def test_lists_refuse_what_is_out_of_range(
    shared_client: TestClient, shared_headers: dict[str, str], query: str, expected: int
) -> None:
    answer = shared_client.get(f"/jobs/?{query}", headers=shared_headers)
    assert answer.status_code == expected
    if expected != 200:
        assert answer.json()["code"] in {"invalid", "bad_cursor", "unknown_parameter"}


@pytest.mark.parametrize(
    "path", ["/jobs/%00", "/transcripts/%ff", "/jobs/a%00b", "/%00", "/%c0%af"]
)
def test_paths_that_no_text_can_hold_are_404(shared_client: TestClient, path: str) -> None:
    answer = shared_client.get(path, headers={"Accept": "text/html"})
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


@pytest.mark.parametrize(
    "headers",
    [
        {"Authorization": "Bearer "},
        {"Authorization": "Bearer \xff\xfe"},
        {"Authorization": "Basic YTpi"},
        {"Cookie": "transcriber_session=\xff"},
        {"Cookie": "transcriber_session=" + "x" * 8_000},
    ],
)
def test_strange_credentials_are_401(shared_client: TestClient, headers: dict[str, str]) -> None:
    encoded = {name: value.encode("latin-1") for name, value in headers.items()}
    assert shared_client.get("/auth/me", headers=encoded).status_code == 401


def test_a_request_id_cannot_carry_other_text(shared_client: TestClient) -> None:
    answer = shared_client.get("/auth/me", headers={"X-Request-ID": "abcd1234\tx"})
    assert answer.status_code == 401
    assert answer.headers["x-request-id"].isalnum()


def test_hundreds_of_ranges_cost_nothing(
    shared_client: TestClient, shared_headers: dict[str, str]
) -> None:
    # No route serves ranges yet, and the header must not make one try.
    ranges = "bytes=" + ",".join(f"{start}-{start + 1}" for start in range(200))
    answer = shared_client.get("/jobs/", headers=shared_headers | {"Range": ranges})
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"
