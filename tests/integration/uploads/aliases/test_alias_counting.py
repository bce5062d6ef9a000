"""Who uses the aliases: counted beside the requests, over restarts and several processes."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import text
from starlette.testclient import TestClient
from structlog.testing import capture_logs

from alias_service import (
    MOMENTS,
    AliasService,
    await_uses,
    count_uses,
    list_rows,
    open_alias_service,
)
from live_api import add_account
from transcriber.infra.context import Context
from transcriber.uploads.aliases.clients import MAX_CLIENTS, OTHER
from transcriber.uploads.aliases.repository import UseCount, UseKey, add_uses
from upload_client import initialize

INIT = "/uploads/init"
CHUNK = "/uploads/{id}/chunk/{n}"
BODY = {"name": "talk.mp3", "size_bytes": 10}


def agent(text: str) -> dict[str, str]:
    return {"User-Agent": text}


def test_uses_in_all_phases_count_by_alias_client_and_account(service: AliasService) -> None:
    upload = initialize(service.client, 10)
    chunk = f"/uploads/{upload['id']}/chunk/0"
    for phase in MOMENTS:
        service.enter(phase)
        service.send("POST", INIT, json=BODY, headers=agent("old-app/1.2 (Linux)"))
        for _ in range(2):
            service.send("PUT", chunk, content=b"0123456789", headers=agent("curl/8.5.0"))
    user_id, token = add_account(service.context)
    service.send("POST", INIT, headers={"Authorization": f"Bearer {token}", **agent("old-app/2.0")})
    await_uses(service.context, lambda found: sum(found.values()) == 10)
    rows = list_rows(service.context)
    admin_id = service.client.get("/auth/me").json()["user_id"]
    assert {(row.alias, row.client, row.user_id): row.uses for row in rows} == {
        (INIT, "old-app", admin_id): 3,
        (INIT, "old-app", user_id): 1,
        (CHUNK, "curl", admin_id): 6,
    }
    first = next(row for row in rows if row.client == "curl")
    assert (first.first_used_at, first.last_used_at) == (MOMENTS["active"], MOMENTS["gone"])


def test_what_is_refused_counts_and_canonical_requests_do_not(service: AliasService) -> None:
    upload = initialize(service.client, 10)
    service.send("PUT", f"/uploads/{upload['id']}/chunks/0", content=b"0123456789")
    with capture_logs() as logs:
        service.send("POST", INIT, json={"name": "x"}, headers=agent("a"))
    [line] = [line for line in logs if line["event"] == "alias_used"]
    admin_id = service.client.get("/auth/me").json()["user_id"]
    told = [line[name] for name in ("alias", "client", "user_id", "phase")]
    assert told == [INIT, "a", admin_id, "active"]
    service.send("PUT", f"/uploads/{'0' * 32}/chunk/0", content=b"x", headers=agent("a"))
    found = await_uses(service.context, lambda found: len(found) == 2)
    assert found == {(INIT, "a"): 1, (CHUNK, "a"): 1}


def test_many_at_once_are_all_counted_by_two_processes_and_a_later_one(
    service: AliasService, local_client: TestClient
) -> None:
    clients = [f"client{number % 5}/1" for number in range(40)]

    def use(each: tuple[AliasService, str]) -> int:
        return each[0].send("POST", INIT, headers=agent(each[1])).status_code

    with open_alias_service(service.context, local_client.headers) as second:
        for process in (service, second):
            process.enter("gone")
        work = [(process, client) for client in clients for process in (service, second)]
        with ThreadPoolExecutor(8) as pool:
            assert set(pool.map(use, work)) == {410}
    await_uses(service.context, lambda found: sum(found.values()) == 80)
    with open_alias_service(service.context, local_client.headers) as third:
        third.enter("redirecting")
        assert third.send("POST", INIT, headers=agent("client0")).status_code == 308
    # Closing it has written what it counted.
    service.counter.write()
    expected = {(INIT, f"client{number}"): 16 for number in range(5)}
    assert count_uses(service.context) == {**expected, (INIT, "client0"): 17}


def test_clients_beyond_the_limit_are_counted_together(service: AliasService) -> None:
    service.enter("redirecting")
    for number in range(MAX_CLIENTS + 7):
        service.send("POST", INIT, headers=agent(f"client{number}/1"))
        if number % 20 == 0:
            service.counter.write()
    service.send("POST", INIT, headers={"User-Agent": ""})
    service.send("POST", INIT, headers=agent("client3"))
    found = await_uses(service.context, lambda found: sum(found.values()) == MAX_CLIENTS + 9)
    assert found[INIT, OTHER] == 7
    assert found[INIT, "unknown"] == 1
    assert found[INIT, "client3"] == 2
    assert len(found) == MAX_CLIENTS + 2


def test_processes_that_write_at_once_keep_no_more_clients_apart_than_one(
    context: Context,
) -> None:
    moment = MOMENTS["active"]

    def write(process: int) -> None:
        for number in range(0, MAX_CLIENTS, 10):
            with context.database.unit_of_work() as uow:
                names = [f"client{process}-{number + step}" for step in range(10)]
                counts = {UseKey(INIT, name, "a"): UseCount(1, moment, moment) for name in names}
                add_uses(uow, counts)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(write, range(4)))
    found = count_uses(context)
    assert len(found) == MAX_CLIENTS + 1
    assert found[INIT, OTHER] == 3 * MAX_CLIENTS
    assert sum(found.values()) == 4 * MAX_CLIENTS


def test_a_busy_database_keeps_no_request_waiting_and_loses_no_count(
    service: AliasService,
) -> None:
    service.enter("redirecting")
    database = service.context.database
    with database.unit_of_work() as uow:
        # SQLite's transaction is the only writer as it is.
        if not database.is_sqlite:
            uow.session.execute(text("LOCK TABLE upload_alias_uses IN EXCLUSIVE MODE"))
        else:
            uow.session.execute(text("DELETE FROM upload_alias_uses"))
        for _ in range(5):
            assert service.send("POST", INIT, headers=agent("a")).status_code == 308
        assert count_uses(service.context) == {}
    found = await_uses(service.context, bool)
    assert found == {(INIT, "a"): 5}


@pytest.mark.parametrize("is_earlier", [False, True])
def test_the_first_and_the_last_use_are_kept_in_whatever_order_they_come(
    context: Context, *, is_earlier: bool
) -> None:
    moment = MOMENTS["active"]
    other = moment - timedelta(days=1) if is_earlier else moment + timedelta(days=1)
    key = UseKey(INIT, "a", "alice")
    for when, uses in ((moment, 2), (other, 3)):
        with context.database.unit_of_work() as uow:
            add_uses(uow, {key: UseCount(uses, when, when)})
    [row] = list_rows(context)
    assert (row.uses, row.first_used_at, row.last_used_at) == (
        5,
        min(moment, other),
        max(moment, other),
    )
