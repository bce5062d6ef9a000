"""API keys from their making to their end."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, update
from starlette.testclient import TestClient

from api_keys import bear, make_key
from live_api import add_account
from service_context import open_client
from transcriber.accounts.keys.models import ApiKey
from transcriber.accounts.keys.repository import forget_ended_keys
from transcriber.infra.audit import AuditEntry
from transcriber.infra.context import Context
from transcriber.infra.security import hash_token


@pytest.fixture
def owner(context: Context) -> dict[str, str]:
    return {"Authorization": f"Bearer {add_account(context)[1]}"}


@pytest.fixture
def other(context: Context) -> dict[str, str]:
    return {"Authorization": f"Bearer {add_account(context)[1]}"}


@pytest.fixture
def admin(context: Context) -> dict[str, str]:
    return {"Authorization": f"Bearer {add_account(context, 'admin')[1]}"}


def read_row(context: Context, key_id: str) -> ApiKey:
    with context.database.snapshot() as session:
        return session.get_one(ApiKey, key_id)


def test_a_key_acts_for_its_owner_until_it_is_revoked(
    context: Context, client: TestClient, owner: dict[str, str]
) -> None:
    made = make_key(client, owner, name=" nightly import ")
    assert made["name"] == "nightly import"
    assert made["secret"].startswith(f"{made['prefix']}_")
    assert made["prefix"] == f"wt_{made['id']}"
    lasts = datetime.fromisoformat(made["expires_at"]) - datetime.fromisoformat(made["created_at"])
    assert lasts == timedelta(days=90)
    row = read_row(context, made["id"])
    assert row.secret_hash == hash_token(made["secret"])
    assert row.last_used_at is None
    by_key = client.get("/auth/me", headers=bear(made))
    assert by_key.json() == client.get("/auth/me", headers=owner).json()
    [listed] = client.get("/auth/keys", headers=owner).json()["items"]
    assert listed["last_used_at"] is not None
    assert {**listed, "last_used_at": None, "secret": made["secret"]} == made
    assert client.delete(f"/auth/keys/{made['id']}", headers=owner).status_code == 204
    assert client.get("/auth/me", headers=bear(made)).status_code == 401
    assert client.get("/auth/keys", headers=owner).json() == {"items": []}
    again = client.delete(f"/auth/keys/{made['id']}", headers=owner)
    assert (again.status_code, again.json()["code"]) == (404, "key_not_found")


def test_its_use_is_recorded_every_few_minutes_only(
    context: Context, client: TestClient, owner: dict[str, str]
) -> None:
    made = make_key(client, owner)
    client.get("/auth/me", headers=bear(made))
    first = read_row(context, made["id"]).last_used_at
    client.get("/auth/me", headers=bear(made))
    assert read_row(context, made["id"]).last_used_at == first
    assert first is not None
    with context.database.unit_of_work() as uow:
        uow.session.execute(update(ApiKey).values(last_used_at=first - timedelta(minutes=6)))
    client.get("/auth/me", headers=bear(made))
    later = read_row(context, made["id"]).last_used_at
    assert later is not None
    assert later >= first


def test_a_repeated_request_makes_one_key_whose_secret_can_be_had_again(
    context: Context, client: TestClient, owner: dict[str, str]
) -> None:
    once = owner | {"Idempotency-Key": "import"}
    lost = make_key(client, once)
    found = make_key(client, once)
    assert (found["id"], found["name"]) == (lost["id"], lost["name"])
    assert found["secret"] != lost["secret"]
    assert client.get("/auth/me", headers=bear(lost)).status_code == 401
    assert client.get("/auth/me", headers=bear(found)).status_code == 200
    assert make_key(client, once)["secret"] is None
    body = {"name": "another", "scopes": ["read"]}
    other_body = client.post("/auth/keys", json=body, headers=once)
    assert (other_body.status_code, other_body.json()["code"]) == (409, "idempotency_conflict")
    with context.database.snapshot() as session:
        assert len(session.scalars(select(ApiKey)).all()) == 1


def test_keys_are_ones_own(
    client: TestClient, owner: dict[str, str], other: dict[str, str]
) -> None:
    made = make_key(client, owner)
    assert client.get("/auth/keys", headers=other).json() == {"items": []}
    assert client.delete(f"/auth/keys/{made['id']}", headers=other).status_code == 404
    assert client.get("/auth/me", headers=bear(made)).status_code == 200


def test_an_admin_finds_and_ends_anyones_key(
    context: Context, client: TestClient, owner: dict[str, str], admin: dict[str, str]
) -> None:
    made = make_key(client, owner)
    user_id = client.get("/auth/me", headers=owner).json()["user_id"]
    path = f"/api/admin/accounts/{user_id}/keys"
    [listed] = client.get(path, headers=admin).json()["items"]
    assert listed["id"] == made["id"]
    assert "secret" not in listed
    for headers, status in ((owner, 403), ({}, 401)):
        assert client.get(path, headers=headers).status_code == status
        assert client.delete(f"{path}/{made['id']}", headers=headers).status_code == status
    admin_id = client.get("/auth/me", headers=admin).json()["user_id"]
    elsewhere = f"/api/admin/accounts/{admin_id}/keys/{made['id']}"
    assert client.delete(elsewhere, headers=admin).status_code == 404
    assert client.get(f"/api/admin/accounts/{'0' * 32}/keys", headers=admin).status_code == 404
    assert client.delete(f"{path}/{made['id']}", headers=admin).status_code == 204
    assert client.get("/auth/me", headers=bear(made)).status_code == 401
    with context.database.snapshot() as session:
        acts = session.scalars(select(AuditEntry).where(AuditEntry.object_kind == "key")).all()
    assert [(act.action, act.actor, act.user_id, act.detail) for act in acts] == [
        ("key.create", f"account:{user_id}", user_id, "read write"),
        ("key.revoke", f"admin:{admin_id}", user_id, "read write"),
    ]


@pytest.mark.parametrize(
    ("wishes", "status", "code"),
    [
        ({"scopes": []}, 422, "invalid"),
        ({"scopes": ["everything"]}, 422, "invalid"),
        ({"scopes": ["read"] * 4}, 422, "invalid"),
        ({"scopes": ["read", "admin"]}, 403, "forbidden"),
        ({"expires_in_days": 0}, 422, "invalid"),
        ({"expires_in_days": 366}, 422, "key_lasts_too_long"),
        ({"expires_in_days": 10**9}, 422, "invalid"),
        ({"name": ""}, 422, "invalid"),
        ({"name": "a\u200bb"}, 422, "bad_name"),
        ({"user_id": "0" * 32}, 422, "invalid"),
        ({"secret": "wt_mine"}, 422, "invalid"),
    ],
)
def test_what_cannot_be_a_key_is_refused(
    client: TestClient, owner: dict[str, str], wishes: dict[str, object], status: int, code: str
) -> None:
    body = {"name": "a program", "scopes": ["read"]} | wishes
    answer = client.post("/auth/keys", json=body, headers=owner)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_an_account_has_so_many_live_keys_and_no_more(
    context: Context, owner: dict[str, str]
) -> None:
    settings = context.settings.model_copy(update={"max_api_keys_per_account": 3})
    with (
        open_client(replace(context, settings=settings)) as client,
        ThreadPoolExecutor(6) as pool,
    ):
        answers = list(
            pool.map(
                lambda number: client.post(
                    "/auth/keys", json={"name": str(number), "scopes": ["read"]}, headers=owner
                ),
                range(6),
            )
        )
        assert sorted(answer.status_code for answer in answers) == [201] * 3 + [409] * 3
        refused = next(answer.json() for answer in answers if answer.status_code == 409)
        assert (refused["code"], refused["limit"]) == ("too_many_keys", 3)
        revoked, expired, _ = client.get("/auth/keys", headers=owner).json()["items"]
        client.delete(f"/auth/keys/{revoked['id']}", headers=owner)
        make_key(client, owner)
        with context.database.unit_of_work() as uow:
            row = uow.session.get_one(ApiKey, expired["id"])
            row.expires_at = row.created_at
        make_key(client, owner)
        assert len(client.get("/auth/keys", headers=owner).json()["items"]) == 4


def test_keys_that_ended_long_ago_are_forgotten(
    context: Context, client: TestClient, owner: dict[str, str]
) -> None:
    revoked, expiring, _good = (
        make_key(client, owner, expires_in_days=days) for days in (9, 1, 80)
    )
    client.delete(f"/auth/keys/{revoked['id']}", headers=owner)
    with context.database.unit_of_work() as uow:
        now = datetime.fromisoformat(expiring["created_at"])
        forget_ended_keys(uow.session, now + timedelta(days=29))
        assert len(uow.session.scalars(select(ApiKey)).all()) == 3
        forget_ended_keys(uow.session, now + timedelta(days=32))
        assert len(uow.session.scalars(select(ApiKey)).all()) == 1
