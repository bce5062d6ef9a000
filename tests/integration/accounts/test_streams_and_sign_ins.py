"""Line 95 of the hostile inputs: a stream ends with the sign-in that it was opened with."""

from collections.abc import Callable, Generator

import httpx
import pytest

from live_api import LiveApi, serve_api
from people import People, Person
from transcriber.jobs.events.pump import PumpTimes

BRISK = PumpTimes(sessions_seconds=0.2)
WITHIN_SECONDS = 30


@pytest.fixture
def api(people: People) -> Generator[LiveApi]:
    with serve_api(people.context, times=BRISK, stream_heartbeat_seconds=0.2) as served:
        yield served


def open_session(client: httpx.Client, person: Person) -> str:
    body = {"name": person.name, "password": person.password, "kind": "bearer"}
    token: str = client.post("/auth/login", json=body).json()["token"]
    return token


def log_out(client: httpx.Client, person: Person, _token: str, _admin: Person) -> httpx.Response:
    return client.post("/auth/logout", headers=person.headers)


def end_others(client: httpx.Client, _person: Person, token: str, _admin: Person) -> httpx.Response:
    return client.delete("/auth/sessions", headers={"Authorization": f"Bearer {token}"})


def change_password(
    client: httpx.Client, person: Person, token: str, _admin: Person
) -> httpx.Response:
    body = {"current_password": person.password, "new_password": "a new long one"}
    return client.post("/auth/password", json=body, headers={"Authorization": f"Bearer {token}"})


def disable(client: httpx.Client, person: Person, _token: str, admin: Person) -> httpx.Response:
    address = f"/api/admin/accounts/{person.user_id}"
    return client.patch(address, json={"is_active": False}, headers=admin.headers)


@pytest.mark.parametrize("end", [log_out, end_others, change_password, disable])
def test_95_a_stream_ends_with_its_sign_in(
    people: People,
    api: LiveApi,
    end: Callable[[httpx.Client, Person, str, Person], httpx.Response],
) -> None:
    person, admin = people.add(), people.add("admin")
    stream_token = person.headers["Authorization"].removeprefix("Bearer ")
    with api.open_client(stream_token) as client, api.read("/jobs/events", stream_token) as reading:
        reading.take("snapshot")
        other = open_session(client, person)
        assert end(client, person, other, admin).status_code in {200, 204}
        reading.take_until_end()


def test_95_the_service_looks_often_enough() -> None:
    assert PumpTimes().sessions_seconds * 2 < WITHIN_SECONDS
