from datetime import timedelta

import pytest
from sqlalchemy import select

from people import People, Person
from transcriber.accounts.invitations.models import Invitation
from transcriber.infra.audit import AuditEntry
from transcriber.infra.security import hash_token

ROUTE = "/api/admin/invitations"


@pytest.fixture
def admin(people: People) -> Person:
    return people.add("admin")


def test_the_token_is_shown_once_and_only_its_hash_is_kept(people: People, admin: Person) -> None:
    body = {"role": "admin", "note": "for <Ada>", "expires_in_days": 3}
    made = people.client.post(ROUTE, json=body, headers=admin.headers)
    assert made.status_code == 201
    shown = made.json()
    token = shown.pop("token")
    assert (shown["role"], shown["note"], shown["state"]) == ("admin", "for <Ada>", "open")
    assert shown["created_by"] == admin.user_id
    listed = people.client.get(ROUTE, headers=admin.headers).json()["items"]
    assert listed[0] == shown
    with people.context.database.snapshot() as session:
        row = session.get_one(Invitation, shown["id"])
        acts = session.scalars(
            select(AuditEntry.action).where(AuditEntry.object_id == row.id)
        ).all()
    assert row.token_hash == hash_token(token)
    assert row.expires_at - row.created_at == timedelta(days=3)
    assert acts == ["invitation.create"]


def test_the_list_has_pages(people: People, admin: Person) -> None:
    ids = [people.client.post(ROUTE, json={}, headers=admin.headers).json()["id"] for _ in range(3)]
    first = people.client.get(f"{ROUTE}?limit=2", headers=admin.headers).json()
    query = {"limit": 1, "cursor": first["next_cursor"]}
    second = people.client.get(ROUTE, params=query, headers=admin.headers).json()
    assert [row["id"] for row in first["items"] + second["items"]] == ids[::-1]


def test_a_revoked_one_is_void_and_revoking_again_changes_nothing(
    people: People, admin: Person
) -> None:
    made = people.client.post(ROUTE, json={}, headers=admin.headers).json()
    address = f"{ROUTE}/{made['id']}"
    for _ in range(2):
        assert people.client.delete(address, headers=admin.headers).status_code == 204
    row = people.client.get(ROUTE, headers=admin.headers).json()["items"][0]
    assert (row["id"], row["state"]) == (made["id"], "revoked")
    unknown = people.client.delete(f"{ROUTE}/{'0' * 32}", headers=admin.headers)
    assert (unknown.status_code, unknown.json()["code"]) == (404, "not_found")


def test_a_repeated_request_makes_one_and_a_fresh_token(people: People, admin: Person) -> None:
    headers = admin.headers | {"Idempotency-Key": "one"}
    first = people.client.post(ROUTE, json={"note": "a"}, headers=headers).json()
    again = people.client.post(ROUTE, json={"note": "a"}, headers=headers).json()
    assert again["id"] == first["id"]
    assert again["token"] != first["token"]
    other = people.client.post(ROUTE, json={"note": "b"}, headers=headers)
    assert (other.status_code, other.json()["code"]) == (409, "idempotency_conflict")
    with people.context.database.snapshot() as session:
        assert session.get_one(Invitation, first["id"]).token_hash == hash_token(again["token"])
    people.client.delete(f"{ROUTE}/{first['id']}", headers=admin.headers)
    ended = people.client.post(ROUTE, json={"note": "a"}, headers=headers).json()
    assert (ended["state"], ended["token"]) == ("revoked", None)


@pytest.mark.parametrize(
    "body",
    [
        {"role": "owner"},
        {"expires_in_days": 0},
        {"expires_in_days": 366},
        {"expires_in_days": 2**63},
        {"note": "a" * 201},
        {"note": "a\x00b"},
        {"created_by": "0" * 32},
        {"token": "chosen"},
    ],
)
def test_what_cannot_be_is_422(people: People, admin: Person, body: dict[str, object]) -> None:
    assert people.client.post(ROUTE, json=body, headers=admin.headers).status_code == 422


def test_only_administrators_invite(people: People) -> None:
    user = people.add()
    for method, path in (("POST", ROUTE), ("GET", ROUTE), ("DELETE", f"{ROUTE}/{'0' * 32}")):
        body = {"json": {}} if method == "POST" else {}
        assert people.client.request(method, path, **body).status_code == 401
        refused = people.client.request(method, path, headers=user.headers, **body)
        assert (refused.status_code, refused.json()["code"]) == (403, "forbidden")
