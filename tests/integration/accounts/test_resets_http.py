from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select

from people import People, Person
from transcriber.accounts.models import Account
from transcriber.accounts.resets.models import PasswordReset
from transcriber.accounts.resets.service import ResetGoneError, use_reset
from transcriber.infra.audit import AuditEntry
from transcriber.infra.security import hash_token

CHOSEN = "chosen by the owner"


@pytest.fixture
def admin(people: People) -> Person:
    return people.add("admin")


def issue(people: People, admin: Person, user_id: str) -> str:
    answer = people.client.post(f"/api/admin/accounts/{user_id}/reset", headers=admin.headers)
    assert answer.status_code == 200
    token: str = answer.json()["token"]
    return token


def test_a_reset_works_once_and_ends_every_sign_in(people: People, admin: Person) -> None:
    person = people.add()
    token = issue(people, admin, person.user_id)
    assert people.client.get("/auth/me", headers=person.headers).status_code == 200
    with people.context.database.snapshot() as session:
        row = session.get_one(PasswordReset, person.user_id)
    assert row.token_hash == hash_token(token)
    assert row.expires_at - row.created_at == timedelta(hours=24)
    here = people.move_to()
    body = {"token": token, "new_password": CHOSEN}
    assert here.post("/auth/reset", json=body).status_code == 204
    assert people.client.get("/auth/me", headers=person.headers).status_code == 401
    again = here.post("/auth/reset", json=body | {"new_password": "something else"})
    assert (again.status_code, again.json()["code"]) == (410, "reset_gone")
    login = {"name": person.name, "kind": "bearer"}
    old = here.post("/auth/login", json=login | {"password": person.password})
    assert old.status_code == 401
    assert here.post("/auth/login", json=login | {"password": CHOSEN}).status_code == 200
    query = select(AuditEntry.actor, AuditEntry.action)
    with people.context.database.snapshot() as session:
        acts = session.execute(
            query.where(AuditEntry.user_id == person.user_id).order_by(AuditEntry.id)
        ).all()
    assert [tuple(act) for act in acts[1:4]] == [
        (f"admin:{admin.user_id}", "account.issue_reset"),
        (f"account:{person.user_id}", "account.use_reset"),
        (f"account:{person.user_id}", "account.password"),
    ]


def test_unknown_replaced_expired_and_disabled_look_the_same(people: People, admin: Person) -> None:
    late, locked, twice = (people.add() for _ in range(3))
    tokens = [issue(people, admin, person.user_id) for person in (late, locked, twice)]
    issue(people, admin, twice.user_id)
    with people.context.database.unit_of_work() as uow:
        row = uow.session.get_one(PasswordReset, late.user_id)
        row.expires_at = row.created_at - timedelta(seconds=1)
        uow.session.get_one(Account, locked.user_id).is_active = False
    shapes = set[str]()
    for token in ("x" * 43, *tokens):
        body = {"token": token, "new_password": CHOSEN}
        answer = people.move_to().post("/auth/reset", json=body)
        assert answer.status_code == 410
        shapes.add(str({**answer.json(), "request_id": None}))
    assert len(shapes) == 1


def test_of_two_that_use_it_at_once_exactly_one_wins(people: People, admin: Person) -> None:
    token = issue(people, admin, people.add().user_id)

    def attempt(number: int) -> bool:
        try:
            use_reset(people.context, token, f"password of {number}")
        except ResetGoneError:
            return False
        return True

    with ThreadPoolExecutor(3) as pool:
        assert sorted(pool.map(attempt, range(3))) == [False, False, True]


def test_only_administrators_issue_them(people: People, admin: Person) -> None:
    user = people.add()
    address = f"/api/admin/accounts/{admin.user_id}/reset"
    assert people.client.post(address).status_code == 401
    assert people.client.post(address, headers=user.headers).status_code == 403
    unknown = people.client.post(f"/api/admin/accounts/{'0' * 32}/reset", headers=admin.headers)
    assert (unknown.status_code, unknown.json()["code"]) == (404, "account_not_found")
