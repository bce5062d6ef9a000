"""Readers that stall, servers that stop, databases that break off, and other processes."""

import socket
import threading
import time
from collections.abc import Generator, Sequence
from contextlib import AbstractContextManager, contextmanager

import httpx
import pytest
from sqlalchemy import text
from structlog.testing import capture_logs

from job_builders import add_job, read_job
from live_api import Event, LiveApi, add_account, serve_api
from patience import wait_until
from slow_reader import open_slow_reader
from transcriber.infra.clock import read_database_time
from transcriber.infra.context import Context
from transcriber.infra.database import Database
from transcriber.jobs.events.pump import PumpTimes
from transcriber.jobs.lifecycle import record_event
from transcriber.jobs.states import JobState

PATIENCE_SECONDS = 60.0


def open_deaf_reader(api: LiveApi, token: str) -> AbstractContextManager[socket.socket]:
    headers = {"Authorization": f"Bearer {token}"}
    return open_slow_reader(f"http://127.0.0.1:{api.port}", headers, PATIENCE_SECONDS)


@contextmanager
def read_aside(api: LiveApi, path: str, token: str) -> Generator[list[Event]]:
    """The events of a stream that a thread reads as they come, to its regular end."""
    told: list[Event] = []
    broken: list[httpx.HTTPError] = []

    def read() -> None:
        try:
            with api.read(path, token) as reading:
                for event in reading.events:
                    told.append(event)  # noqa: PERF402 -- the test looks at it meanwhile
        except httpx.HTTPError as error:
            broken.append(error)

    thread = threading.Thread(target=read)
    thread.start()
    yield told
    api.stop()
    thread.join()
    assert broken == []


def count_states(told: Sequence[Event]) -> int:
    return sum(event.name == "state" for event in told)


def write_events(context: Context, job_id: str, count: int) -> None:
    """Events of about three kilobytes each."""
    job = read_job(context, job_id)
    with context.database.unit_of_work() as uow:
        now = read_database_time(uow.session)
        for _ in range(count):
            state = JobState(job.state)
            record_event(uow.session, job, state, actor="w1", now=now, detail="x" * 2000)


def test_a_reader_that_stalls_is_dropped_and_delays_nobody(context: Context) -> None:
    user_id, token = add_account(context)
    job_id = add_job(context, user_id)
    with (
        capture_logs() as logs,
        serve_api(context, stream_stall_seconds=2.0) as api,
        read_aside(api, "/jobs/events", token) as told,
        open_deaf_reader(api, token) as deaf,
    ):
        wait_until(lambda: told and len(api.hub.list_watches()) == 2)
        for _ in range(5):
            write_events(context, job_id, 100)
        wait_until(lambda: count_states(told) == 500)
        wait_until(lambda: len(api.hub.list_watches()) == 1)
        dropped = [line for line in logs if line["event"] == "stream_reader_dropped"]
        assert [line["user_id"] for line in dropped] == [user_id]
        received = 0
        try:
            while piece := deaf.recv(65_536):
                received += len(piece)
        except ConnectionResetError:
            """What was not taken is thrown away."""
        # Half a megabyte was written; what the server held for this reader is a fraction.
        assert received < 600_000
        write_events(context, job_id, 1)
        wait_until(lambda: count_states(told) == 501)


def test_a_server_that_stops_ends_every_stream_at_once(context: Context) -> None:
    user_id, token = add_account(context)
    job_id = add_job(context, user_id)
    with (
        serve_api(context) as api,
        read_aside(api, "/jobs/events", token) as told,
        read_aside(api, f"/jobs/{job_id}/events", token) as of_job,
        open_deaf_reader(api, token),
    ):
        wait_until(lambda: told and of_job and len(api.hub.list_watches()) == 3)
        for _ in range(5):
            write_events(context, job_id, 100)
        wait_until(lambda: count_states(told) == count_states(of_job) == 500)
        started = time.monotonic()
        api.stop()
        # Without the end of the streams it would be ten seconds, and cut connections.
        assert time.monotonic() - started < 8


def test_an_event_of_another_process_comes_by_its_hint(context: Context) -> None:
    user_id, token = add_account(context)
    slow = PumpTimes(poll_seconds=10 * PATIENCE_SECONDS)
    elsewhere = Database(context.settings.resolved_database_url)
    job_id = add_job(context, user_id)
    with serve_api(context, times=slow) as api, api.read("/jobs/events", token) as reading:
        reading.take("snapshot")
        with elsewhere.unit_of_work() as uow:
            job = read_job(context, job_id)
            now = read_database_time(uow.session)
            record_event(uow.session, job, JobState.QUEUED, actor="w1", now=now, detail="hello")
        assert reading.take("state").data["detail"] == "hello"
    elsewhere.dispose()


class NoHints:
    def wait(self, seconds: float) -> None:
        time.sleep(seconds)

    def close(self) -> None:
        return


def test_an_event_comes_without_any_hint(context: Context) -> None:
    user_id, token = add_account(context)
    times = PumpTimes(poll_seconds=0.05)
    with (
        serve_api(context, times=times, hints=lambda database: NoHints()) as api,
        api.read("/jobs/events", token) as reading,
    ):
        reading.take("snapshot")
        job_id = add_job(context, user_id)
        assert reading.take("state").data["job_id"] == job_id


@pytest.mark.parametrize("times", [PumpTimes(poll_seconds=0.2, figures_seconds=0.1)])
def test_streams_outlive_lost_connections_of_the_database(
    postgres_context: Context, times: PumpTimes
) -> None:
    context = postgres_context
    user_id, token = add_account(context)
    with serve_api(context, times=times) as api, api.read("/jobs/events", token) as reading:
        reading.take("snapshot")
        told = []
        for _ in range(3):
            told.append(add_job(context, user_id))
            assert reading.take("state").data["job_id"] == told[-1]
            with context.database.unit_of_work() as uow:
                uow.session.execute(
                    text(
                        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
                    )
                )
        told.append(add_job(context, user_id))
        assert reading.take("state").data["job_id"] == told[-1]
