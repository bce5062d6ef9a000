"""Streams as readers see them, over a real server, on both databases."""

import threading
from collections.abc import Generator
from itertools import pairwise

import httpx
import pytest

from job_builders import add_job, add_worker, must_claim, store_plan, store_span
from live_api import LiveApi, add_account, end_sessions, serve_api
from patience import wait_until
from transcriber.infra.context import Context
from transcriber.jobs.events.pump import PumpTimes
from transcriber.jobs.service import JobService

BRISK = PumpTimes(poll_seconds=0.2, figures_seconds=0.1, sessions_seconds=0.2)
LIMIT = 3


@pytest.fixture
def api(context: Context) -> Generator[LiveApi]:
    with serve_api(
        context, times=BRISK, stream_heartbeat_seconds=0.2, max_streams_per_account=LIMIT
    ) as served:
        yield served


@pytest.fixture
def reader(context: Context) -> tuple[str, str]:
    return add_account(context)


def finish(context: Context) -> None:
    """Take the waiting job from its plan to its end."""
    store_plan(context, must_claim(context), 1)
    store_span(context, must_claim(context))


def act(context: Context, action: str, user_id: str, job_id: str) -> None:
    with context.database.unit_of_work() as uow:
        getattr(JobService(uow, context.queue, context.storage), action)(user_id, job_id)


def test_a_jobs_stream_tells_its_life_and_ends(api: LiveApi, reader: tuple[str, str]) -> None:
    user_id, token = reader
    job_id = add_job(api.context, user_id)
    with api.read(f"/jobs/{job_id}/events", token) as reading:
        headers = reading.response.headers
        assert headers["content-type"] == "text/event-stream; charset=utf-8"
        assert headers["x-accel-buffering"] == "no"
        assert "no-transform" in headers["cache-control"]
        snapshot = reading.take("snapshot")
        assert reading.retry == 3000
        assert snapshot.id is not None
        assert [job["id"] for job in snapshot.data["jobs"]] == [job_id]
        finish(api.context)
        told = [each for each in reading.take_until_end() if each.name == "state"]
    moves = [(each.data["from_state"], each.data["to_state"]) for each in told]
    assert moves[0] == ("queued", "running")
    assert moves[-1] == ("running", "completed")
    assert all(after[0] == before[1] for before, after in pairwise(moves))
    ids = [each.id for each in told if each.id is not None]
    assert ids == sorted(set(ids))
    assert ids[0] > snapshot.id
    last = told[-1].data
    with api.open_client(token) as client:
        assert last["job"] == client.get(f"/jobs/{job_id}").json()
        # A browser comes back with what it has, and is told to stay away.
        address = f"/jobs/{job_id}/events"
        again = client.get(address, headers={"Last-Event-ID": str(ids[-1])})
        assert (again.status_code, again.content) == (204, b"")
        assert client.get(address, params={"last_event_id": ids[-1]}).status_code == 204
    with api.read(f"/jobs/{job_id}/events", token) as reading:
        (alone,) = reading.take_until_end()
    assert (alone.name, alone.data["jobs"][0]["state"]) == ("snapshot", "completed")
    with api.read(f"/jobs/{job_id}/events", token, after=0) as reading:
        all_of_it = [each for each in reading.take_until_end() if each.name == "state"]
    assert [each.id for each in all_of_it[1:]] == ids
    assert all_of_it[0].data["from_state"] is None


def test_an_accounts_stream_tells_of_every_job_and_goes_on(
    api: LiveApi, reader: tuple[str, str]
) -> None:
    user_id, token = reader
    other_id, _ = add_account(api.context)
    with api.read("/jobs/events", token) as reading:
        assert reading.take("snapshot").data == {"type": "snapshot", "jobs": [], "has_more": False}
        add_job(api.context, other_id)
        job_id = add_job(api.context, user_id)
        told = reading.take("state")
        assert (told.data["job_id"], told.data["to_state"]) == (job_id, "queued")
        act(api.context, "cancel", user_id, job_id)
        assert reading.take("state").data["to_state"] == "cancelled"
        act(api.context, "retry", user_id, job_id)
        retried = reading.take("state").data
        assert (retried["to_state"], retried["generation"]) == ("queued", 2)
        act(api.context, "delete", user_id, job_id)
        gone = reading.take("deleted")
        assert (gone.data["job_id"], gone.data["id"]) == (job_id, gone.id)
        reading.wait_for_heartbeat()


def test_a_deleted_jobs_stream_says_so_and_ends(api: LiveApi, reader: tuple[str, str]) -> None:
    user_id, token = reader
    job_id = add_job(api.context, user_id)
    with api.read(f"/jobs/{job_id}/events", token) as reading:
        reading.take("snapshot")
        act(api.context, "delete", user_id, job_id)
        assert [each.name for each in reading.take_until_end()][-1] == "deleted"
    with api.open_client(token) as client:
        assert client.get(f"/jobs/{job_id}/events").json()["code"] == "job_not_found"


def test_figures_are_those_of_polling(api: LiveApi, reader: tuple[str, str]) -> None:
    user_id, token = reader
    add_worker(api.context)
    first = add_job(api.context, user_id)
    second = add_job(api.context, user_id)
    with api.read("/jobs/events", token) as reading, api.open_client(token) as client:
        snapshot = reading.take("snapshot")
        places = {job["id"]: job["queue_position"] for job in snapshot.data["jobs"]}
        assert places == {first: 1, second: 2}
        act(api.context, "cancel", user_id, first)
        shown = client.get(f"/jobs/{second}").json()
        assert shown["queue_position"] == 1
        while (moved := reading.take("progress")).data["job"] != shown:
            """The figures from before the cancellation."""
        assert moved.id is None


def test_a_reader_that_comes_back_misses_nothing(api: LiveApi, reader: tuple[str, str]) -> None:
    user_id, token = reader
    stopping = threading.Event()
    written: set[str] = set()

    def write() -> None:
        while not stopping.is_set():
            written.add(add_job(api.context, user_id))

    writers = [threading.Thread(target=write) for _ in range(3)]
    told: list[tuple[int | None, str]] = []
    after: int | None = None
    for _ in range(6):
        with api.read("/jobs/events", token, after=after) as reading:
            first = reading.take("snapshot")
            assert (first.id is None) == (after is not None)
            if after is None:
                after = first.id
                for writer in writers:
                    writer.start()
            for _ in range(4):
                event = reading.take("state")
                told.append((event.id, event.data["job_id"]))
            after = reading.last_id
    stopping.set()
    for writer in writers:
        writer.join()
    with api.read("/jobs/events", token, after=after) as reading:
        while {job_id for _, job_id in told} != written:
            event = reading.take("state")
            told.append((event.id, event.data["job_id"]))
    ids = [event_id for event_id, _ in told if event_id is not None]
    assert ids == sorted(set(ids))
    assert len(told) == len(written)


def test_only_who_may_see_it_gets_a_stream(api: LiveApi, reader: tuple[str, str]) -> None:
    user_id, token = reader
    _, other = add_account(api.context)
    _, admin = add_account(api.context, "admin")
    job_id = add_job(api.context, user_id)
    with httpx.Client(base_url=api.address, trust_env=False) as anyone:
        for path in ("/jobs/events", f"/jobs/{job_id}/events", f"/api/admin/jobs/{job_id}/events"):
            assert anyone.get(path).status_code == 401
        cookie = {"Cookie": f"transcriber_session={token}"}
        assert anyone.get("/jobs/events", headers=cookie).status_code == 401
    with api.open_client(other) as stranger:
        assert stranger.get(f"/jobs/{job_id}/events").status_code == 404
        assert stranger.get(f"/jobs/{'0' * 32}/events").status_code == 404
        assert stranger.get(f"/api/admin/jobs/{job_id}/events").status_code == 403
    with api.open_client(admin) as operator:
        assert operator.get(f"/jobs/{job_id}/events").status_code == 404
        assert operator.get(f"/api/admin/jobs/{'0' * 32}/events").status_code == 404
    with api.read(f"/api/admin/jobs/{job_id}/events", admin) as reading:
        reading.take("snapshot")
        act(api.context, "cancel", user_id, job_id)
        assert reading.take("state").data["to_state"] == "cancelled"


def test_a_forged_place_shows_ones_own_events_only(api: LiveApi, reader: tuple[str, str]) -> None:
    user_id, token = reader
    other_id, _ = add_account(api.context)
    for owner in (other_id, other_id):
        add_job(api.context, owner)
    own = add_job(api.context, user_id)
    add_job(api.context, other_id)
    with api.read("/jobs/events", token, after=0) as reading:
        reading.take("snapshot")
        assert reading.take("state").data["job_id"] == own
        later = add_job(api.context, user_id)
        assert reading.take("state").data["job_id"] == later


@pytest.mark.parametrize("given", ["-1", "1.5", "abc", "9" * 19, "1" * 5000, "", "٣", "0x10"])
def test_what_cannot_be_a_place_is_refused(
    api: LiveApi, reader: tuple[str, str], given: str
) -> None:
    with api.open_client(reader[1]) as client:
        answer = client.get("/jobs/events", params={"last_event_id": given})
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
        headers = {"Last-Event-ID": given.encode()}
        assert client.get("/jobs/events", headers=headers).status_code == 422


def test_a_place_of_another_service_is_reset(api: LiveApi, reader: tuple[str, str]) -> None:
    user_id, token = reader
    job_id = add_job(api.context, user_id)
    for path in ("/jobs/events", f"/jobs/{job_id}/events"):
        with api.read(path, token, after=2**63 - 1) as reading:
            reset = next(reading.events)
            assert reset.name == "reset"
            assert reset.id is not None
            assert reading.take("snapshot").data["jobs"][0]["id"] == job_id
    with api.read("/jobs/events", token, after=reset.id) as reading:
        reading.take("snapshot")
        assert reading.take("state") if add_job(api.context, user_id) else None


def test_an_account_has_so_many_streams_and_no_more(api: LiveApi, reader: tuple[str, str]) -> None:
    _, token = reader
    _, other = add_account(api.context)
    with api.read("/jobs/events", token) as first, api.read("/jobs/events", token) as second:
        with api.read("/jobs/events", token) as third, api.open_client(token) as client:
            for each in (first, second, third):
                each.take("snapshot")
            refused = client.get("/jobs/events")
            assert (refused.status_code, refused.json()["code"]) == (429, "too_many_streams")
            assert refused.json()["limit"] == LIMIT
            assert refused.headers["retry-after"] == "30"
            with api.read("/jobs/events", other) as elsewhere:
                elsewhere.take("snapshot")
        # The place is free as soon as the server has seen the reader leave.
        wait_until(lambda: len(api.hub.list_watches()) < LIMIT)
        with api.read("/jobs/events", token) as again:
            again.take("snapshot")


def test_a_stream_ends_with_its_session(api: LiveApi, reader: tuple[str, str]) -> None:
    user_id, token = reader
    _, other = add_account(api.context)
    with api.read("/jobs/events", token) as reading, api.read("/jobs/events", other) as going_on:
        reading.take("snapshot")
        going_on.take("snapshot")
        end_sessions(api.context, user_id)
        reading.take_until_end()
        going_on.wait_for_heartbeat()
    with api.open_client(token) as client:
        assert client.get("/jobs/events").status_code == 401


def test_a_process_has_so_many_streams_and_no_more(
    context: Context, reader: tuple[str, str]
) -> None:
    with serve_api(context, max_streams=1) as api, api.read("/jobs/events", reader[1]) as reading:
        reading.take("snapshot")
        with api.open_client(add_account(context)[1]) as client:
            assert client.get("/jobs/events").json()["limit"] == 1


def test_nothing_runs_while_nobody_reads(api: LiveApi, reader: tuple[str, str]) -> None:
    def count_pumps() -> int:
        return sum(thread.name == "event-pump" for thread in threading.enumerate())

    # Those of other services end a moment after their last reader.
    wait_until(lambda: count_pumps() == 0)
    with api.read("/jobs/events", reader[1]) as reading, api.read("/jobs/events", reader[1]):
        reading.take("snapshot")
        assert count_pumps() == 1
    wait_until(lambda: count_pumps() == 0)
