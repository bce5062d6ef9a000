import time
from datetime import timedelta

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from service_context import open_client, require_first_admin, sign_in
from transcriber.accounts.first_admin import create_first_admin
from transcriber.accounts.models import Account, AccountSession
from transcriber.accounts.repository import AccountRepository
from transcriber.infra.context import Context

SAME_ORIGIN = {"Sec-Fetch-Site": "same-origin"}
NEW_PASSWORD = "a new long password"


def test_a_browser_signs_in_changes_its_password_and_leaves(
    context: Context, client: TestClient
) -> None:
    admin = require_first_admin(context)
    other = sign_in(client, admin)
    answer = client.post("/auth/login", json={"name": " ADMIN ", "password": admin.password})
    assert answer.json()["token"] is None
    assert answer.json()["account"]["role"] == "admin"
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert client.get("/auth/me").json()["name"] == admin.name
    change = {"current_password": admin.password, "new_password": NEW_PASSWORD}
    wrong = client.post(
        "/auth/password", json=change | {"current_password": "x"}, headers=SAME_ORIGIN
    )
    assert (wrong.status_code, wrong.json()["code"]) == (401, "bad_credentials")
    assert client.post("/auth/password", json=change, headers=SAME_ORIGIN).status_code == 204
    client.cookies, jar = {}, client.cookies
    assert client.get("/auth/me", headers=other).status_code == 401
    client.cookies = jar
    assert client.get("/auth/me").status_code == 200
    old_cookies = dict(client.cookies)
    assert client.post("/auth/logout", headers=SAME_ORIGIN).status_code == 204
    assert not client.cookies
    client.cookies = old_cookies
    assert client.get("/auth/me").status_code == 401
    again = {"name": admin.name, "password": NEW_PASSWORD, "kind": "bearer"}
    assert client.post("/auth/login", json=again).status_code == 200


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({}, 403),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site", "Origin": "http://testserver"}, 403),
        ({"Origin": "http://testserver"}, 204),
        (SAME_ORIGIN, 204),
    ],
)
def test_a_cookie_works_only_from_our_own_pages(
    context: Context, client: TestClient, headers: dict[str, str], expected: int
) -> None:
    admin = require_first_admin(context)
    client.post("/auth/login", json={"name": admin.name, "password": admin.password})
    answer = client.post("/auth/logout", headers=headers)
    assert answer.status_code == expected
    if expected == 403:
        assert answer.json()["code"] == "cross_site"
        assert client.get("/auth/me").status_code == 200


def test_a_token_is_no_cookie_and_a_cookie_no_token(context: Context, client: TestClient) -> None:
    admin = require_first_admin(context)
    headers = sign_in(client, admin)
    client.post("/auth/login", json={"name": admin.name, "password": admin.password})
    cookie = client.cookies["transcriber_session"]
    client.cookies = {}
    assert client.get("/auth/me", headers={"Authorization": f"Bearer {cookie}"}).status_code == 401
    client.cookies = {"transcriber_session": headers["Authorization"].removeprefix("Bearer ")}
    assert client.get("/auth/me").status_code == 401


def test_a_given_session_is_never_taken_over(context: Context, client: TestClient) -> None:
    admin = require_first_admin(context)
    client.cookies = {"transcriber_session": "fixed-by-somebody-else"}
    client.post("/auth/login", json={"name": admin.name, "password": admin.password})
    with context.database.snapshot() as session:
        assert session.scalars(select(AccountSession.kind)).all() == ["cookie"]
    client.cookies = {"transcriber_session": "fixed-by-somebody-else"}
    assert client.get("/auth/me").status_code == 401


def test_sessions_end_by_time_and_with_the_account(context: Context, client: TestClient) -> None:
    headers = sign_in(client, require_first_admin(context))
    with context.database.unit_of_work() as uow:
        row = uow.session.scalars(select(AccountSession)).one()
        row.expires_at = row.created_at - timedelta(seconds=1)
    assert client.get("/auth/me", headers=headers).status_code == 401
    with context.database.unit_of_work() as uow:
        row = uow.session.scalars(select(AccountSession)).one()
        row.expires_at = row.created_at + timedelta(hours=1)
        row.last_used_at = row.created_at - timedelta(hours=1)
    assert client.get("/auth/me", headers=headers).status_code == 200
    with context.database.unit_of_work() as uow:
        row = uow.session.scalars(select(AccountSession)).one()
        assert row.last_used_at >= row.created_at
        uow.session.scalars(select(Account)).one().is_active = False
    assert client.get("/auth/me", headers=headers).status_code == 401
    with context.database.unit_of_work() as uow:
        rows = AccountRepository(uow.session)
        rows.forget_ended_sessions(rows.read_time() + timedelta(days=60))
        assert uow.session.scalars(select(AccountSession)).all() == []


def test_unknown_name_and_wrong_password_look_and_last_the_same(
    context: Context, client: TestClient
) -> None:
    # The service's own, whose password takes as long as any that people choose.
    admin = create_first_admin(context)
    assert admin is not None

    def attempt(name: str) -> tuple[object, float]:
        started = time.process_time()
        answer = client.post("/auth/login", json={"name": name, "password": "wrong"})
        document = answer.json()
        document.pop("request_id")
        return (answer.status_code, document, sorted(answer.headers)), time.process_time() - started

    attempt("warm-up")
    known = [attempt(admin.name) for _ in range(3)]
    unknown = [attempt(f"nobody-{number}") for number in range(3)]
    assert {str(outcome) for outcome, _ in known} == {str(outcome) for outcome, _ in unknown}
    fastest_known, fastest_unknown = (min(t for _, t in runs) for runs in (known, unknown))
    assert 0.3 < fastest_known / fastest_unknown < 3


def test_guessing_is_slowed_down_but_locks_nobody_out(context: Context) -> None:
    admin = require_first_admin(context)
    good = {"name": admin.name, "password": admin.password}
    with open_client(context, client=("203.0.113.1", 1)) as attacker:
        statuses = [
            attacker.post("/auth/login", json=good | {"password": "wrong"}).status_code
            for _ in range(11)
        ]
        refused = attacker.post("/auth/login", json=good)
        # Not entered: the application runs already, and would start its threads a second time.
        victim = TestClient(attacker.app, client=("203.0.113.2", 1))
        assert victim.post("/auth/login", json=good).status_code == 200
    assert statuses == [401] * 10 + [429]
    assert (refused.status_code, refused.json()["code"]) == (429, "rate_limited")
    assert int(refused.headers["retry-after"]) > 0


def test_an_admin_adds_accounts_and_a_user_does_not(context: Context, client: TestClient) -> None:
    admin = sign_in(client, require_first_admin(context))
    body = {"name": "Zoë", "password": "long enough pw"}
    made = client.post("/api/admin/accounts", json=body, headers=admin)
    assert (made.status_code, made.json()["role"]) == (201, "user")
    taken = client.post("/api/admin/accounts", json=body | {"name": "ZOË"}, headers=admin)
    assert (taken.status_code, taken.json()["code"]) == (409, "name_taken")
    for name in ("a\u200bb", " ", "a\nb"):
        bad = client.post("/api/admin/accounts", json=body | {"name": name}, headers=admin)
        assert bad.status_code == 422, name
    answer = client.post("/auth/login", json={**body, "name": "zoë", "kind": "bearer"})
    user = {"Authorization": f"Bearer {answer.json()['token']}"}
    refused = client.post("/api/admin/accounts", json=body, headers=user)
    assert (refused.status_code, refused.json()["code"]) == (403, "forbidden")
    assert client.post("/api/admin/accounts", json=body).status_code == 401
