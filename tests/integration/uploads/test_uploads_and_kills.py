"""`serve` killed by SIGKILL at the worst moments of an upload.

No failpoint: the test holds the database's lock, so that the process stops exactly between what is
durable and the commit that would say so.
"""

import contextlib
import sqlite3
import threading
from collections.abc import Callable, Generator
from contextlib import closing, contextmanager
from pathlib import Path

import httpx
import psycopg
import pytest

from serve_process import Service, serve, wait_for
from service_context import (
    build_settings,
    create_postgres_database,
    open_client,
    open_context,
    require_first_admin,
    sign_in,
)
from transcriber.infra.context import Context
from transcriber.infra.settings import Settings
from transcriber.uploads.models import Upload
from transcriber.uploads.upkeep import keep_uploads_up
from upload_checks import check_all
from upload_client import (
    hash_bytes,
    initialize,
    list_missing,
    make_bytes,
    read_state,
    send_chunk,
    send_chunks,
)

CHUNK_BYTES = 2 * 1024**2
DATA = make_bytes(2 * CHUNK_BYTES + 77)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Generator[Settings]:
    with contextlib.ExitStack() as stack:
        choices: dict[str, object] = {}
        if request.param == "postgres":
            choices["database_url"] = stack.enter_context(create_postgres_database())
        yield build_settings(
            tmp_path / "data",
            port=0,
            worker_processes=0,
            disk_low_water_bytes=0,
            upload_chunk_bytes=CHUNK_BYTES,
            lease_seconds=2,
            heartbeat_seconds=1,
            **choices,
        )


@pytest.fixture
def context(settings: Settings) -> Generator[Context]:
    """The database and the storage of the service, seen from beside it."""
    with open_context(settings) as opened:
        yield opened


@pytest.fixture
def headers(context: Context) -> dict[str, str]:
    with open_client(context) as client:
        return sign_in(client, require_first_admin(context))


@contextmanager
def open_service(
    settings: Settings, headers: dict[str, str]
) -> Generator[tuple[Service, httpx.Client]]:
    with serve(settings) as service:
        service.wait_until_up(children=1)
        with httpx.Client(base_url=service.address, headers=headers, timeout=60) as client:
            yield service, client


@contextmanager
def hold_writers(settings: Settings, upload_id: str) -> Generator[None]:
    """Nobody commits a change of this upload meanwhile."""
    url = settings.resolved_database_url
    if url.startswith("sqlite"):
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as connection:
            connection.isolation_level = None
            connection.execute("BEGIN IMMEDIATE")
            yield
            connection.execute("ROLLBACK")
        return
    with psycopg.connect(url.replace("postgresql+psycopg", "postgresql")) as connection:
        connection.execute("SELECT id FROM uploads WHERE id = %s FOR UPDATE", (upload_id,))
        yield
        connection.rollback()


def kill(service: Service) -> None:
    children = service.list_children()
    service.process.kill()
    service.process.wait()
    wait_for(lambda: not any(child.is_running() for child in children))


def ask_in_background(ask: Callable[[], object]) -> threading.Thread:
    def run() -> None:
        with contextlib.suppress(httpx.TransportError):
            ask()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def find_part_file(settings: Settings) -> bytes:
    files = list((settings.resolved_storage_dir / "parts").rglob("*.0"))
    return files[0].read_bytes() if files else b""


def test_a_chunk_written_and_not_committed_is_sent_once_more(
    settings: Settings, context: Context, headers: dict[str, str]
) -> None:
    with open_service(settings, headers) as (service, client):
        upload = initialize(client, len(DATA), sha256=hash_bytes(DATA))
        send_chunks(client, upload, DATA, [0])
        with hold_writers(settings, upload["id"]):
            sender = ask_in_background(lambda: send_chunk(client, upload, DATA, 1))
            wait_for(lambda: find_part_file(settings) == DATA[: 2 * CHUNK_BYTES])
            kill(service)
        sender.join()
    with open_service(settings, headers) as (_, client):
        assert list_missing(client, upload) == [1, 2]
        assert read_state(client, upload)["received_bytes"] == CHUNK_BYTES
        send_chunks(client, upload, DATA, [1, 2])
        await_job(client, upload["id"])
    check_all(context)


def test_a_cut_body_and_a_kill_lose_only_the_chunk_under_way(
    settings: Settings, context: Context, headers: dict[str, str]
) -> None:
    with open_service(settings, headers) as (service, client):
        upload = initialize(client, len(DATA))
        send_chunks(client, upload, DATA, [2])
        gate = threading.Event()

        def stop_midway() -> Generator[bytes]:
            yield DATA[: CHUNK_BYTES - 1]
            gate.wait(60)

        sender = ask_in_background(
            lambda: client.put(f"/uploads/{upload['id']}/chunks/0", content=stop_midway())
        )
        wait_for(lambda: find_part_file(settings)[: 1024**2] == DATA[: 1024**2])
        busy = send_chunk(client, upload, DATA, 0)
        assert (busy.status_code, busy.json()["code"]) == (423, "chunk_busy")
        kill(service)
        gate.set()
        sender.join()
    with open_service(settings, headers) as (_, client):
        assert list_missing(client, upload) == [0, 1]
        # The kernel freed the lock with the process: nobody has to wait for a lease.
        send_chunks(client, upload, DATA, [0, 1])
        await_job(client, upload["id"])
    check_all(context)


def test_a_verification_of_a_killed_process_is_taken_over(
    settings: Settings, context: Context, headers: dict[str, str]
) -> None:
    data = make_bytes(20 * CHUNK_BYTES)
    with open_service(settings, headers) as (service, client):
        upload = initialize(client, len(data), sha256=hash_bytes(data))
        send_chunks(client, upload, data)
        asking = ask_in_background(lambda: client.post(f"/uploads/{upload['id']}/finalize"))
        wait_for(lambda: read_state_of(context, upload["id"]) != "receiving")
        with hold_writers(settings, upload["id"]):
            kill(service)
        asking.join()

    def has_ended() -> bool:
        keep_uploads_up(context, "another process")
        return read_state_of(context, upload["id"]) == "completed"

    wait_for(has_ended)
    check_all(context)
    with open_service(settings, headers) as (_, client):
        await_job(client, upload["id"])
        assert client.get("/jobs/").json()["total"] == 1


def read_state_of(context: Context, upload_id: str) -> str:
    with context.database.snapshot() as session:
        return session.get_one(Upload, upload_id).state


def await_job(client: httpx.Client, upload_id: str) -> None:
    wait_for(lambda: client.post(f"/uploads/{upload_id}/finalize").status_code == 201)
