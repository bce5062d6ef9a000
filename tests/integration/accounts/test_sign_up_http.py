from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from starlette.testclient import TestClient

from people import PASSWORD, People, Person
from service_context import open_client
from transcriber.accounts.clients import Client
from transcriber.accounts.invitations.models import Invitation
from transcriber.accounts.invitations.service import InvitationGoneError
from transcriber.accounts.models import Account
from transcriber.accounts.sign_up.service import Applicant, sign_up
from transcriber.accounts.throttling.limits import SIGN_UPS, count_sign_up
from transcriber.accounts.throttling.service import record_attempt
from transcriber.infra.audit import AuditEntry
from transcriber.infra.identifiers import create_id

ROUTE = "/auth/sign-up"


@pytest.fixture
def admin(people: People) -> Person:
    return people.add("admin")


def invite(people: People, admin: Person, **choices: object) -> tuple[str, str]:
    made = people.client.post("/api/admin/invitations", json=choices, headers=admin.headers).json()
    return made["id"], made["token"]


def build_body(**choices: object) -> dict[str, object]:
    return {"name": f"new-{create_id()}", "password": PASSWORD, **choices}


@contextmanager
def open_with(people: People, mode: str, address: str) -> Generator[TestClient]:
    """The same database under another setting."""
    settings = people.context.settings.model_copy(update={"sign_up": mode})
    with open_client(replace(people.context, settings=settings), client=(address, 1)) as client:
        yield client


def test_an_invitation_makes_one_account_with_its_role(people: People, admin: Person) -> None:
    invitation_id, token = invite(people, admin, role="admin")
    body = build_body(invitation=token)
    here = people.move_to()
    made = here.post(ROUTE, json=body)
    assert made.status_code == 201
    assert (made.json()["name"], made.json()["role"]) == (body["name"], "admin")
    assert "set-cookie" not in made.headers
    again = here.post(ROUTE, json=build_body(invitation=token))
    assert (again.status_code, again.json()["code"]) == (410, "invitation_gone")
    user_id = made.json()["user_id"]
    with people.context.database.snapshot() as session:
        row = session.get_one(Invitation, invitation_id)
        acts = session.execute(
            select(AuditEntry.action, AuditEntry.object_id)
            .where(AuditEntry.actor == f"account:{user_id}")
            .order_by(AuditEntry.id)
        ).all()
    assert row.used_by == user_id
    assert [tuple(act) for act in acts] == [
        ("account.create", user_id),
        ("invitation.use", invitation_id),
    ]
    used = people.client.delete(f"/api/admin/invitations/{invitation_id}", headers=admin.headers)
    assert (used.status_code, used.json()["code"]) == (409, "invitation_used")


def test_of_two_that_use_it_at_once_exactly_one_gets_in(people: People, admin: Person) -> None:
    _, token = invite(people, admin)

    def attempt(number: int) -> bool:
        applicant = Applicant(
            name=f"racer-{number}-{token[:8]}",
            password=PASSWORD,
            invitation=token,
            client=Client(f"racer-{number}", None),
        )
        try:
            sign_up(people.context, applicant)
        except InvitationGoneError:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(attempt, range(4))) == [False, False, False, True]
    with people.context.database.snapshot() as session:
        named = select(func.count()).where(Account.name.like(f"racer-%{token[:8]}"))
        assert session.scalar(named) == 1


def test_unknown_used_revoked_and_expired_look_the_same(people: People, admin: Person) -> None:
    tokens = {"unknown": "x" * 43}
    ids: dict[str, str] = {}
    for state in ("used", "revoked", "expired"):
        ids[state], tokens[state] = invite(people, admin)
    with people.context.database.unit_of_work() as uow:
        rows = {state: uow.session.get_one(Invitation, ids[state]) for state in ids}
        rows["used"].used_at = rows["revoked"].revoked_at = rows["used"].created_at
        rows["expired"].expires_at = rows["expired"].created_at - timedelta(seconds=1)
    here = people.move_to()
    shapes = set[str]()
    for token in tokens.values():
        answer = here.post(ROUTE, json=build_body(invitation=token))
        assert answer.status_code == 410
        shapes.add(str({**answer.json(), "request_id": None}))
    assert len(shapes) == 1


def test_a_taken_name_leaves_the_invitation_good(people: People, admin: Person) -> None:
    _, token = invite(people, admin)
    here = people.move_to()
    taken = here.post(ROUTE, json=build_body(invitation=token, name=admin.name.upper()))
    assert (taken.status_code, taken.json()["code"]) == (409, "name_taken")
    bad = here.post(ROUTE, json=build_body(invitation=token, name="a\u202eb"))
    assert (bad.status_code, bad.json()["code"]) == (422, "bad_name")
    assert here.post(ROUTE, json=build_body(invitation=token)).status_code == 201


def test_the_setting_says_who_may(people: People, admin: Person) -> None:
    _, token = invite(people, admin)
    assert people.client.get(ROUTE).json() == {"mode": "invitation"}
    needed = people.move_to().post(ROUTE, json=build_body())
    assert (needed.status_code, needed.json()["code"]) == (403, "invitation_required")
    with open_with(people, "closed", "closed") as closed:
        assert closed.get(ROUTE).json() == {"mode": "closed"}
        refused = closed.post(ROUTE, json=build_body(invitation=token))
        assert (refused.status_code, refused.json()["code"]) == (403, "sign_up_closed")
    with open_with(people, "open", "open") as everybody:
        assert everybody.get(ROUTE).json() == {"mode": "open"}
        made = everybody.post(ROUTE, json=build_body())
        assert (made.status_code, made.json()["role"]) == (201, "user")


def test_signing_up_is_slowed_down_for_each_address(people: People) -> None:
    with people.context.database.unit_of_work() as uow:
        for _ in range(SIGN_UPS.attempts - 1):
            record_attempt(uow.session, count_sign_up("2001:db8::1"))
    with open_with(people, "open", "2001:db8::2") as client:
        assert client.post(ROUTE, json=build_body()).status_code == 201
        refused = client.post(ROUTE, json=build_body())
        assert (refused.status_code, refused.json()["code"]) == (429, "rate_limited")
        assert 3_500 < int(refused.headers["retry-after"]) <= 3_600
    with open_with(people, "open", "2001:db8:0:1::1") as neighbour:
        assert neighbour.post(ROUTE, json=build_body()).status_code == 201


@pytest.mark.parametrize(
    "more",
    [{"role": "admin"}, {"is_admin": True}, {"user_id": "0" * 32}, {"is_active": True}],
)
def test_nothing_else_can_be_assigned(people: People, more: dict[str, Any]) -> None:
    # Line 66 of the hostile inputs.
    with open_with(people, "open", "assigner") as client:
        assert client.post(ROUTE, json=build_body(**more)).status_code == 422
