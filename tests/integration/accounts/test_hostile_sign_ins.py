"""The hostile inputs about signing in, each with its number."""

import base64
import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from starlette.testclient import TestClient

from people import People, Person
from transcriber.accounts.clients import Client
from transcriber.accounts.first_admin import create_first_admin
from transcriber.accounts.models import Account
from transcriber.accounts.repository import AccountRepository
from transcriber.accounts.service import AccountService, BadCredentialsError, Proof, build_principal
from transcriber.accounts.sessions import read_session_lifetime
from transcriber.infra.context import Context

SAME_ORIGIN = {"Sec-Fetch-Site": "same-origin"}
LONG = "p" * 900_000
COOKIE_ROUTES = [
    ("POST", "/auth/password", {"current_password": "x", "new_password": "a new long one"}),
    ("POST", "/auth/logout", None),
    ("DELETE", "/auth/sessions", None),
    ("DELETE", f"/auth/sessions/{'0' * 32}", None),
    ("POST", "/api/admin/invitations", {}),
    ("DELETE", f"/api/admin/invitations/{'0' * 32}", None),
    ("POST", f"/api/admin/accounts/{'0' * 32}/reset", None),
    ("PATCH", f"/api/admin/accounts/{'0' * 32}", {"role": "admin"}),
]
PUBLIC_ROUTES = [
    ("/auth/login", {"name": "a", "password": "b"}),
    ("/auth/sign-up", {"name": "a", "password": "a new long one", "invitation": "x"}),
    ("/auth/reset", {"token": "x", "new_password": "a new long one"}),
]


@pytest.fixture
def browser(people: People) -> TestClient:
    admin, client = people.add("admin"), people.move_to()
    body = {"name": admin.name, "password": admin.password}
    assert client.post("/auth/login", json=body).status_code == 200
    return client


@pytest.mark.parametrize(
    "headers", [{}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}]
)
def test_73_no_cookie_works_across_sites(browser: TestClient, headers: dict[str, str]) -> None:
    for method, path, body in COOKIE_ROUTES:
        answer = browser.request(method, path, json=body, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (403, "cross_site"), path
    assert browser.get("/auth/me").status_code == 200


@pytest.mark.parametrize(("path", "body"), PUBLIC_ROUTES)
def test_73_nobody_is_signed_in_or_up_by_another_site(
    people: People, path: str, body: dict[str, str]
) -> None:
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "null"}):
        answer = people.move_to().post(path, json=body, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (403, "cross_site")


@pytest.mark.parametrize("origin", ["https://evil.example", "null"])
def test_74_no_other_origin_may_read_an_answer(browser: TestClient, origin: str) -> None:
    for method, path in (
        ("GET", "/auth/me"),
        ("GET", "/auth/sign-up"),
        ("POST", "/auth/login"),
        ("OPTIONS", "/auth/login"),
        ("OPTIONS", "/api/admin/accounts"),
    ):
        asked = {"Origin": origin, "Access-Control-Request-Method": "POST"}
        answer = browser.request(method, path, headers=asked)
        assert not [name for name in answer.headers if name.startswith("access-control-")]


def end_by_logout(people: People, person: Person, _admin: Person) -> None:
    people.client.post("/auth/logout", headers=person.headers)


def end_by_password(people: People, person: Person, _admin: Person) -> None:
    body = {"current_password": person.password, "new_password": "a new long one"}
    answer = people.client.post("/auth/password", json=body, headers=person.headers)
    assert answer.status_code == 204


def end_by_disabling(people: People, person: Person, admin: Person) -> None:
    address = f"/api/admin/accounts/{person.user_id}"
    answer = people.client.patch(address, json={"is_active": False}, headers=admin.headers)
    assert answer.status_code == 200


@pytest.mark.parametrize("end", [end_by_logout, end_by_password, end_by_disabling])
def test_76_what_ends_a_sign_in_ends_it_at_once(
    people: People, end: Callable[[People, Person, Person], None]
) -> None:
    person, admin = people.add(), people.add("admin")
    assert people.client.get("/auth/me", headers=person.headers).status_code == 200
    end(people, person, admin)
    assert people.client.get("/auth/me", headers=person.headers).status_code == 401


def test_76_a_copy_of_the_cookie_that_changed_the_password_is_worthless(people: People) -> None:
    person, browser, thief = people.add(), people.move_to(), people.move_to()
    body = {"name": person.name, "password": person.password}
    assert browser.post("/auth/login", json=body).status_code == 200
    thief.cookies = dict(browser.cookies)
    assert thief.get("/auth/me").status_code == 200
    change = {"current_password": person.password, "new_password": "a new long one"}
    assert browser.post("/auth/password", json=change, headers=SAME_ORIGIN).status_code == 204
    assert browser.get("/auth/me").status_code == 200
    assert thief.get("/auth/me").status_code == 401


def test_76_a_password_that_was_replaced_while_it_was_compared_opens_nothing(
    people: People,
) -> None:
    person = people.add()
    with people.context.database.unit_of_work() as uow:
        account = uow.session.get_one(Account, person.user_id)
        seen = Proof(build_principal(account), account.password_hash)
        account.password_hash = "another"
    with people.context.database.unit_of_work() as uow:
        lifetime = read_session_lifetime(people.context.settings)
        service = AccountService(AccountRepository(uow.session), lifetime)
        with pytest.raises(BadCredentialsError):
            service.sign_in(seen, "bearer", Client("here", None))
        with pytest.raises(BadCredentialsError):
            service.change_password(seen, "of the thief")


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("/auth/login", {"name": "a", "password": LONG}, "password"),
        ("/auth/password", {"current_password": LONG, "new_password": "b" * 10}, "current"),
        ("/auth/password", {"current_password": "x", "new_password": LONG}, "new_password"),
        ("/auth/sign-up", {"name": "a", "password": LONG, "invitation": "x"}, "password"),
        ("/auth/reset", {"token": "x", "new_password": LONG}, "new_password"),
        ("/auth/reset", {"token": LONG, "new_password": "a new long one"}, "token"),
    ],
)
def test_78_a_huge_password_is_refused_before_it_is_hashed(
    people: People, path: str, body: dict[str, str], field: str
) -> None:
    person = people.add()
    answer = people.client.post(path, json=body, headers=person.headers)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
    assert field in answer.json()["errors"][0]["pointer"]


def encode(document: dict[str, str]) -> str:
    return base64.urlsafe_b64encode(json.dumps(document).encode()).decode().rstrip("=")


@pytest.mark.parametrize("algorithm", ["none", "None", "HS256"])
def test_79_no_token_says_itself_who_it_is(people: People, algorithm: str) -> None:
    admin = people.add("admin")
    head = encode({"alg": algorithm, "typ": "JWT"})
    claims = encode({"sub": admin.user_id, "user_id": admin.user_id, "role": "admin"})
    for signature in ("", "AAAA"):
        headers = {"Authorization": f"Bearer {head}.{claims}.{signature}"}
        assert people.client.get("/auth/me", headers=headers).status_code == 401


@pytest.mark.parametrize(
    "name", ["next", "redirect", "redirect_uri", "return_to", "returnTo", "url", "continue"]
)
def test_81_no_answer_leads_to_another_site(people: People, name: str) -> None:
    person, here = people.add(), people.move_to()
    body = {"name": person.name, "password": person.password}
    for target in ("//evil.example", "https://evil.example", "/\\evil.example"):
        for answer in (
            here.post("/auth/login", params={name: target}, json=body, follow_redirects=False),
            here.post("/auth/login", json=body | {name: target}, follow_redirects=False),
            here.get("/auth/sign-up", params={name: target}, follow_redirects=False),
        ):
            assert answer.status_code == 422
            assert "location" not in answer.headers


@pytest.mark.parametrize("path", ["//evil.example", "//evil.example/..", "/\\evil.example"])
def test_81_no_path_is_taken_for_an_address(people: People, path: str) -> None:
    answer = people.client.get(f"http://testserver{path}", follow_redirects=False)
    assert answer.status_code == 404
    assert "location" not in answer.headers


def test_83_a_race_for_the_first_administrator_makes_one(context: Context) -> None:
    barrier = Barrier(3)

    def start(_number: int) -> bool:
        barrier.wait(60)
        return create_first_admin(context) is not None

    with ThreadPoolExecutor(3) as pool:
        assert sorted(pool.map(start, range(3))) == [False, False, True]
