from pathlib import Path

import pytest

from service_context import build_settings, open_client, open_context, require_first_admin
from transcriber.accounts.throttling.limits import count_sign_in
from transcriber.accounts.throttling.service import check_attempts
from transcriber.infra.errors import RateLimitedError

PROXIED = {
    "Host": "evil.example",
    "X-Forwarded-Host": "evil.example",
    "X-Forwarded-Proto": "https",
    "X-Forwarded-For": "203.0.113.9",
}


@pytest.mark.parametrize(
    ("trusted", "is_believed"), [((), False), (("198.51.100.0/24",), False), (("10.0.0.7",), True)]
)
def test_forwarded_headers_count_only_from_a_trusted_proxy(
    tmp_path: Path, *, trusted: tuple[str, ...], is_believed: bool
) -> None:
    settings = build_settings(tmp_path, trusted_proxies=trusted)
    with open_context(settings) as context:
        admin = require_first_admin(context)
        body = {"name": admin.name, "password": admin.password, "kind": "cookie"}
        with open_client(context, client=("10.0.0.7", 50_000)) as client:
            answer = client.post("/auth/login", json=body, headers=PROXIED)
    assert answer.status_code == 200
    cookie = answer.headers["set-cookie"]
    assert ("Secure" in cookie) is is_believed
    assert cookie.startswith("__Host-") is is_believed
    assert ("strict-transport-security" in answer.headers) is is_believed


def test_the_throttle_counts_the_connection_not_what_it_claims(tmp_path: Path) -> None:
    with open_context(build_settings(tmp_path)) as context, open_client(context) as client:
        statuses = [
            client.post(
                "/auth/login",
                json={"name": "victim", "password": "wrong"},
                headers={"X-Forwarded-For": f"203.0.113.{number}"},
            ).status_code
            for number in range(12)
        ]
    assert statuses == [401] * 10 + [429] * 2


def test_no_answer_repeats_a_spoofed_host(tmp_path: Path) -> None:
    with open_context(build_settings(tmp_path)) as context, open_client(context) as client:
        for path in ("/", "/healthz", "/jobs", "/auth/me/", "/openapi.json", "/nothing"):
            answer = client.get(path, headers=PROXIED, follow_redirects=False)
            assert answer.status_code not in range(300, 400)
            assert "evil.example" not in answer.text + str(answer.headers)


def test_no_origin_is_given_access(tmp_path: Path) -> None:
    with open_context(build_settings(tmp_path)) as context, open_client(context) as client:
        for origin in ("https://evil.example", "null"):
            preflight = {"Origin": origin, "Access-Control-Request-Method": "POST"}
            for answer in (
                client.get("/healthz", headers={"Origin": origin}),
                client.options("/auth/login", headers=preflight),
            ):
                assert not [name for name in answer.headers if name.startswith("access-control")]


@pytest.mark.parametrize(
    ("forwarded", "counted"),
    [
        # Whatever the client put before what the proxies added is not looked at.
        ("203.0.113.1", "203.0.113.1"),
        ("198.51.100.66, 203.0.113.1", "203.0.113.1"),
        ("127.0.0.1, 203.0.113.1, 10.0.0.9", "203.0.113.1"),
        ("<script>, 203.0.113.1", "203.0.113.1"),
    ],
)
def test_behind_a_chain_the_last_address_that_is_no_proxy_counts(
    tmp_path: Path, forwarded: str, counted: str
) -> None:
    settings = build_settings(tmp_path, trusted_proxies=("10.0.0.0/8",))
    wrong = {"name": "victim", "password": "wrong"}
    with (
        open_context(settings) as context,
        open_client(context, client=("10.0.0.7", 50_000)) as client,
    ):
        for _ in range(10):
            client.post("/auth/login", json=wrong, headers={"X-Forwarded-For": forwarded})
        with context.database.snapshot() as session:
            with pytest.raises(RateLimitedError):
                check_attempts(session, count_sign_in(counted, "victim"))
            for claimed in {"10.0.0.7", *forwarded.split(", ")} - {counted}:
                check_attempts(session, count_sign_in(claimed, "victim"))


def test_a_forwarded_host_counts_from_nobody(tmp_path: Path) -> None:
    settings = build_settings(tmp_path, trusted_proxies=("10.0.0.7",))
    with open_context(settings) as context:
        admin = require_first_admin(context)
        body = {"name": admin.name, "password": admin.password}
        with open_client(context, client=("10.0.0.7", 50_000)) as client:
            client.post("/auth/login", json=body)
            headers = {"X-Forwarded-Host": "evil.example", "Origin": "http://evil.example"}
            refused = client.post("/auth/logout", headers=headers)
    assert (refused.status_code, refused.json()["code"]) == (403, "cross_site")


def test_nobody_gets_to_the_metrics_by_what_they_claim(tmp_path: Path) -> None:
    settings = build_settings(tmp_path, trusted_proxies=("10.0.0.7",))
    with open_context(settings) as context:
        for peer in ("10.0.0.7", "10.0.0.8"):
            with open_client(context, client=(peer, 50_000)) as client:
                headers = {"X-Forwarded-For": "127.0.0.1", "X-Real-IP": "127.0.0.1"}
                assert client.get("/metrics", headers=headers).status_code == 404
