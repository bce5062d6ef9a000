import pytest
from sqlalchemy import select

from people import People, Person
from transcriber.infra.audit import AuditEntry

ROUTE = "/api/admin/accounts"


@pytest.fixture
def admin(people: People) -> Person:
    return people.add("admin")


def change(people: People, admin: Person, person: Person, **choices: object) -> dict[str, object]:
    answer = people.client.patch(f"{ROUTE}/{person.user_id}", json=choices, headers=admin.headers)
    assert answer.status_code == 200, answer.text
    document: dict[str, object] = answer.json()
    return document


def test_administrators_see_everybody(people: People, admin: Person) -> None:
    persons = [people.add() for _ in range(2)]
    first = people.client.get(f"{ROUTE}?limit=2", headers=admin.headers).json()
    assert [row["user_id"] for row in first["items"]] == [
        person.user_id for person in reversed(persons)
    ]
    query = {"limit": 1, "cursor": first["next_cursor"]}
    (second,) = people.client.get(ROUTE, params=query, headers=admin.headers).json()["items"]
    assert second["user_id"] == admin.user_id
    assert second == people.client.get(f"{ROUTE}/{admin.user_id}", headers=admin.headers).json()
    assert set(second) == {"user_id", "name", "role", "is_active", "created_at", "last_used_at"}
    assert (second["role"], second["is_active"]) == ("admin", True)
    assert second["last_used_at"] >= second["created_at"]


def test_roles_change_at_once(people: People, admin: Person) -> None:
    person = people.add()
    assert people.client.get(ROUTE, headers=person.headers).status_code == 403
    assert change(people, admin, person, role="admin")["role"] == "admin"
    assert people.client.get(ROUTE, headers=person.headers).status_code == 200
    assert change(people, admin, person, role="user")["role"] == "user"
    assert people.client.get(ROUTE, headers=person.headers).status_code == 403
    with people.context.database.snapshot() as session:
        acts = session.execute(
            select(AuditEntry.actor, AuditEntry.detail)
            .where(AuditEntry.user_id == person.user_id, AuditEntry.action == "account.role")
            .order_by(AuditEntry.id)
        ).all()
    assert [tuple(act) for act in acts] == [
        (f"admin:{admin.user_id}", "user to admin"),
        (f"admin:{admin.user_id}", "admin to user"),
    ]


def test_a_disabled_account_is_out_and_enabling_revives_no_old_sign_in(
    people: People, admin: Person
) -> None:
    person, here = people.add(), people.move_to()
    login = {"name": person.name, "password": person.password, "kind": "bearer"}
    assert change(people, admin, person, is_active=False)["is_active"] is False
    assert here.get("/auth/me", headers=person.headers).status_code == 401
    assert here.post("/auth/login", json=login).status_code == 401
    assert change(people, admin, person, is_active=True)["is_active"] is True
    assert here.get("/auth/me", headers=person.headers).status_code == 401
    assert here.post("/auth/login", json=login).status_code == 200


def test_a_change_of_nothing_changes_nothing(people: People, admin: Person) -> None:
    person = people.add()
    change(people, admin, person)
    change(people, admin, person, role="user", is_active=True)
    assert people.client.get("/auth/me", headers=person.headers).status_code == 200
    with people.context.database.snapshot() as session:
        acts = session.scalars(
            select(AuditEntry.action).where(AuditEntry.user_id == person.user_id)
        ).all()
    assert acts == ["account.create"]


@pytest.mark.parametrize(
    "body",
    [
        {"role": "owner"},
        {"is_active": "perhaps"},
        {"is_admin": True},
        {"user_id": "0" * 32},
        {"name": "other"},
        {"password": "a long enough password"},
        [],
    ],
)
def test_nothing_else_can_be_assigned(people: People, admin: Person, body: object) -> None:
    # Line 66 of the hostile inputs.
    address = f"{ROUTE}/{admin.user_id}"
    assert people.client.patch(address, json=body, headers=admin.headers).status_code == 422


def test_only_administrators_read_and_change(people: People, admin: Person) -> None:
    user = people.add()
    for method, address in (
        ("GET", ROUTE),
        ("GET", f"{ROUTE}/{user.user_id}"),
        ("PATCH", f"{ROUTE}/{user.user_id}"),
    ):
        body = {"json": {"role": "admin"}} if method == "PATCH" else {}
        assert people.client.request(method, address, **body).status_code == 401
        refused = people.client.request(method, address, headers=user.headers, **body)
        assert (refused.status_code, refused.json()["code"]) == (403, "forbidden")
        if address != ROUTE:
            unknown = people.client.request(
                method, f"{ROUTE}/{'0' * 32}", headers=admin.headers, **body
            )
            assert (unknown.status_code, unknown.json()["code"]) == (404, "account_not_found")
