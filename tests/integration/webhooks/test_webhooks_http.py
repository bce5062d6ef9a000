from collections.abc import Generator

import pytest
from starlette.testclient import TestClient

from service_context import (
    build_settings,
    open_client,
    open_context,
    require_first_admin,
    sign_in,
)
from transcriber.webhooks.service import MAX_WEBHOOKS

URL = "https://hooks.example.org/in"


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Generator[TestClient]:
    directory = tmp_path_factory.mktemp("webhooks")
    settings = build_settings(directory, webhook_allowed_hosts="*.example.org, 10.0.0.0/8")
    with open_context(settings) as context, open_client(context) as opened:
        opened.headers.update(sign_in(opened, require_first_admin(context)))
        yield opened


def test_a_webhook_is_made_listed_read_and_removed(client: TestClient) -> None:
    made = client.post("/webhooks/", json={"url": URL})
    assert made.status_code == 201
    webhook = made.json()
    assert webhook["secret"].startswith("whsec_")
    assert client.get("/webhooks/").json()["items"] == [webhook]
    assert client.get(made.headers["Location"]).json() == webhook
    deliveries = client.get(f"/webhooks/{webhook['id']}/deliveries").json()
    assert deliveries == {"items": [], "next_cursor": None}
    assert client.delete(made.headers["Location"]).status_code == 204
    answer = client.get(made.headers["Location"])
    assert (answer.status_code, answer.json()["code"]) == (404, "webhook_not_found")


@pytest.mark.parametrize(
    ("url", "status", "code"),
    [
        ("http://127.0.0.1:5432/", 403, "webhook_host"),
        ("http://169.254.169.254/latest/meta-data", 403, "webhook_host"),
        ("gopher://hooks.example.org/", 422, "bad_webhook_url"),
    ],
)
def test_a_host_the_operator_did_not_name_is_refused(
    client: TestClient, url: str, status: int, code: str
) -> None:
    answer = client.post("/webhooks/", json={"url": url})
    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_an_account_has_a_bounded_number_of_them(client: TestClient) -> None:
    made = [client.post("/webhooks/", json={"url": URL}) for _ in range(MAX_WEBHOOKS)]
    assert {answer.status_code for answer in made} == {201}
    answer = client.post("/webhooks/", json={"url": URL})
    assert (answer.status_code, answer.json()["code"]) == (409, "too_many_webhooks")
    for each in made:
        client.delete(each.headers["Location"])


def test_nobody_without_a_session_sees_them(client: TestClient) -> None:
    answer = client.get("/webhooks/", headers={"Authorization": "Bearer none"})
    assert answer.status_code == 401


def test_the_same_key_makes_one_webhook(client: TestClient) -> None:
    headers = {"Idempotency-Key": "once"}
    first = client.post("/webhooks/", json={"url": URL}, headers=headers)
    second = client.post("/webhooks/", json={"url": URL}, headers=headers)
    assert first.json() == second.json()
    assert len(client.get("/webhooks/").json()["items"]) == 1
    other = client.post("/webhooks/", json={"url": URL + "/other"}, headers=headers)
    assert (other.status_code, other.json()["code"]) == (409, "idempotency_conflict")
    client.delete(first.headers["Location"])
    assert client.post("/webhooks/", json={"url": URL}, headers=headers).status_code == 201
