"""The administrator's list of who still uses the aliases."""

from datetime import timedelta

import pytest

from alias_service import DEPRECATED_AT, GONE_AT, MOMENTS, REDIRECT_AT, AliasService
from live_api import add_account

PATH = "/api/admin/uploads/aliases"


def test_the_list_has_the_real_numbers_and_the_schedule(any_service: AliasService) -> None:
    answer = any_service.client.get(PATH)
    assert (answer.status_code, answer.json()["items"]) == (200, [])
    any_service.enter("redirecting")
    for number, client in enumerate(("one/1", "two/1", "one/2")):
        any_service.clock.now = MOMENTS["redirecting"] + timedelta(hours=number)
        any_service.send("POST", "/uploads/init", headers={"User-Agent": client})
    any_service.counter.write()
    document = any_service.client.get(PATH).json()
    admin_id = any_service.client.get("/auth/me").json()["user_id"]
    assert document["items"] == [
        {
            "alias": "/uploads/init",
            "client": "one",
            "user_id": admin_id,
            "uses": 2,
            "first_used_at": "2027-09-01T00:00:00Z",
            "last_used_at": "2027-09-01T02:00:00Z",
        },
        {
            "alias": "/uploads/init",
            "client": "two",
            "user_id": admin_id,
            "uses": 1,
            "first_used_at": "2027-09-01T01:00:00Z",
            "last_used_at": "2027-09-01T01:00:00Z",
        },
    ]
    schedule = document["schedule"]
    assert schedule["phase"] == "redirecting"
    settings = any_service.client.app.state.context.settings
    assert schedule["always_301"] is settings.upload_alias_always_301
    dates = [schedule[name] for name in ("deprecated_at", "redirect_at", "gone_at")]
    assert dates == [f"{day:%Y-%m-%d}T00:00:00Z" for day in (DEPRECATED_AT, REDIRECT_AT, GONE_AT)]


@pytest.mark.parametrize("phase", MOMENTS)
def test_the_phase_follows_the_clock(service: AliasService, phase: str) -> None:
    service.enter(phase)
    assert service.client.get(PATH).json()["schedule"]["phase"] == phase


def test_it_comes_in_pages(service: AliasService) -> None:
    service.enter("gone")
    for number in range(5):
        # Two at a time are of the same moment.
        service.clock.now = MOMENTS["gone"] + timedelta(hours=number // 2)
        service.send("PUT", "/uploads/x/chunk/0", headers={"User-Agent": f"client{number}"})
    service.counter.write()
    clients: list[str] = []
    query = "?limit=2"
    while True:
        page = service.client.get(PATH + query).json()
        clients += [item["client"] for item in page["items"]]
        if page["next_cursor"] is None:
            break
        query = f"?limit=2&cursor={page['next_cursor']}"
    assert clients[0] == "client4"
    assert {*clients[1:3]} == {"client2", "client3"}
    assert sorted(clients) == [f"client{number}" for number in range(5)]
    assert service.client.get(f"{PATH}?cursor=tampered").json()["code"] == "bad_cursor"


def test_only_administrators_read_it(service: AliasService) -> None:
    _user_id, token = add_account(service.context)
    for authorization, status in (("", 401), ("Bearer wrong", 401), (f"Bearer {token}", 403)):
        answer = service.client.get(PATH, headers={"Authorization": authorization})
        assert answer.status_code == status
        assert "items" not in answer.json()
