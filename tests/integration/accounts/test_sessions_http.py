from datetime import timedelta

from sqlalchemy import select
from starlette.testclient import TestClient

from people import People, Person
from transcriber.accounts.models import AccountSession
from transcriber.infra.audit import AuditEntry

ROUTE = "/auth/sessions"
SAME_ORIGIN = {"Sec-Fetch-Site": "same-origin"}


def sign_in_from(client: TestClient, person: Person, kind: str, agent: str) -> dict[str, str]:
    body = {"name": person.name, "password": person.password, "kind": kind}
    answer = client.post("/auth/login", json=body, headers={"User-Agent": agent})
    assert answer.status_code == 200, answer.text
    return {"Authorization": f"Bearer {answer.json()['token']}"}


def list_acts(people: People, person: Person) -> list[str]:
    query = select(AuditEntry.action).where(AuditEntry.user_id == person.user_id)
    with people.context.database.snapshot() as session:
        return list(session.scalars(query.order_by(AuditEntry.id)))


def test_one_sees_where_one_is_signed_in_and_ends_it(people: People) -> None:
    person = people.add()
    phone = people.move_to("203.0.113.9")
    token = sign_in_from(phone, person, "bearer", "Phone/1 \x1b[2J" + "x" * 500)
    newest, own = people.client.get(ROUTE, headers=person.headers).json()["items"]
    assert newest["device"].startswith("Phone/1 \\x1b[2Jxxx")
    assert len(newest["device"]) == 120
    assert (newest["address"], newest["kind"]) == ("203.0.113.9", "bearer")
    assert (newest["is_current"], own["is_current"]) == (False, True)
    assert set(newest) == {
        *("id", "kind", "device", "address", "created_at", "last_used_at", "expires_at"),
        "is_current",
    }
    gone = f"{ROUTE}/{newest['id']}"
    assert people.client.delete(gone, headers=person.headers).status_code == 204
    assert people.client.get("/auth/me", headers=token).status_code == 401
    assert people.client.delete(gone, headers=person.headers).status_code == 404
    rest = people.client.get(ROUTE, headers=person.headers).json()["items"]
    assert [row["id"] for row in rest] == [own["id"]]
    assert list_acts(people, person) == ["account.create", "account.sign_in", "session.end"]


def test_another_accounts_sign_in_is_as_unknown_as_none(people: People) -> None:
    owner, other = people.add(), people.add("admin")
    (row,) = people.client.get(ROUTE, headers=owner.headers).json()["items"]
    answers = [
        people.client.delete(f"{ROUTE}/{session_id}", headers=other.headers)
        for session_id in (row["id"], "0" * 32)
    ]
    assert [answer.status_code for answer in answers] == [404, 404]
    shapes = {str({**answer.json(), "request_id": None}) for answer in answers}
    assert len(shapes) == 1
    assert people.client.get("/auth/me", headers=owner.headers).status_code == 200
    listed = people.client.get(ROUTE, headers=other.headers).json()["items"]
    assert row["id"] not in {each["id"] for each in listed}


def test_all_the_others_end_at_once(people: People) -> None:
    person, bystander = people.add(), people.add()
    tokens = [sign_in_from(people.move_to(), person, "bearer", "x") for _ in range(2)]
    assert people.client.delete(ROUTE, headers=person.headers).status_code == 204
    for token in tokens:
        assert people.client.get("/auth/me", headers=token).status_code == 401
    assert people.client.get("/auth/me", headers=person.headers).status_code == 200
    assert people.client.get("/auth/me", headers=bystander.headers).status_code == 200
    assert list_acts(people, person)[-1] == "account.end_sessions"


def test_ending_the_own_one_signs_the_browser_out(people: People) -> None:
    person, browser = people.add(), people.move_to()
    sign_in_from(browser, person, "cookie", "Browser/1")
    rows = browser.get(ROUTE).json()["items"]
    (own,) = [row for row in rows if row["is_current"]]
    assert own["kind"] == "cookie"
    cross = browser.delete(f"{ROUTE}/{own['id']}")
    assert (cross.status_code, cross.json()["code"]) == (403, "cross_site")
    ended = browser.delete(f"{ROUTE}/{own['id']}", headers=SAME_ORIGIN)
    assert ended.status_code == 204
    assert not browser.cookies


def test_the_list_has_pages_and_leaves_out_what_has_ended(people: People) -> None:
    person = people.add()
    for _ in range(2):
        sign_in_from(people.move_to(), person, "bearer", "x")
    first = people.client.get(f"{ROUTE}?limit=2", headers=person.headers).json()
    query = {"cursor": first["next_cursor"]}
    second = people.client.get(ROUTE, params=query, headers=person.headers).json()
    assert second["next_cursor"] is None
    ids = [row["id"] for row in first["items"] + second["items"]]
    assert len(set(ids)) == 3
    with people.context.database.unit_of_work() as uow:
        is_it = AccountSession.id == ids[0]
        row = uow.session.scalars(select(AccountSession).where(is_it)).one()
        row.expires_at = row.created_at - timedelta(seconds=1)
    left = people.client.get(ROUTE, headers=person.headers).json()["items"]
    assert [row["id"] for row in left] == ids[1:]


def test_75_signing_in_makes_a_new_token_and_ends_the_one_it_replaces(people: People) -> None:
    person, browser = people.add(), people.move_to()
    sign_in_from(browser, person, "cookie", "x")
    before = dict(browser.cookies)
    sign_in_from(browser, person, "cookie", "x")
    after = dict(browser.cookies)
    assert set(before) == set(after)
    assert set(before.values()).isdisjoint(after.values())
    assert browser.get("/auth/me").status_code == 200
    fixed = people.move_to()
    fixed.cookies = before
    assert fixed.get("/auth/me").status_code == 401
