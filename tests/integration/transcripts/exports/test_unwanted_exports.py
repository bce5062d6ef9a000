"""Downloads that nobody takes: the process ends, the places come back, nothing stays."""

import socket
import time
from collections.abc import Callable
from contextlib import suppress

import psutil
import pytest
from sqlalchemy import insert
from starlette.testclient import TestClient

from patience import wait_until
from socket_service import listen
from transcriber.formats.documents.rendering import CHILD_MODULE
from transcriber.infra.context import Context
from transcriber.transcripts.models import SegmentRow

LONG = 3_000
TEXT = "It was the best of times. " * 16


def add_long_transcript(context: Context, add_transcript: Callable[..., str]) -> str:
    job_id = add_transcript(TEXT)
    with context.database.unit_of_work() as uow:
        row = uow.session.get_one(SegmentRow, (job_id, 1, 0))
        values = {column.name: getattr(row, column.name) for column in SegmentRow.__table__.columns}
        copies = [values | {"index": index} for index in range(1, LONG)]
        uow.session.execute(insert(SegmentRow), copies)
    return job_id


def list_children() -> list[psutil.Process]:
    found = []
    for child in psutil.Process().children():
        with suppress(psutil.NoSuchProcess, psutil.ZombieProcess):
            # One that was ended has no command line any more, until its end is taken note of.
            if CHILD_MODULE in " ".join(child.cmdline()):
                found.append(child)
    return found


@pytest.mark.parametrize(
    ("request_line", "body"),
    [
        ("GET /transcripts/{}/export?format=pdf HTTP/1.1", ""),
        ("POST /transcripts/export HTTP/1.1", '{"everything": true, "format": "pdf"}'),
    ],
)
def test_a_client_that_leaves_ends_the_process_that_works_for_it(
    client: TestClient,
    context: Context,
    add_transcript: Callable[..., str],
    request_line: str,
    body: str,
) -> None:
    job_id = add_long_transcript(context, add_transcript)
    with listen(context) as address, socket.create_connection(address) as connection:
        lines = [
            request_line.format(job_id),
            "Host: x",
            f"Authorization: {client.headers['authorization']}",
            "Content-Type: application/json",
            f"Content-Length: {len(body)}",
        ]
        connection.sendall("\r\n".join([*lines, "", body]).encode())
        wait_until(list_children)
        connection.close()
        wait_until(lambda: not list_children(), 10)
    assert list(context.settings.resolved_scratch_dir.iterdir()) == []


def test_a_bundle_that_is_left_gives_its_place_back(
    client: TestClient, context: Context, add_transcript: Callable[..., str]
) -> None:
    add_long_transcript(context, add_transcript)
    body = '{"everything": true, "format": "pdf"}'
    headers = f"Host: x\r\nAuthorization: {client.headers['authorization']}"
    headers += f"\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n"
    request = f"POST /transcripts/export HTTP/1.1\r\n{headers}\r\n{body}".encode()
    with listen(context) as address:
        for _ in range(2):
            # Without its place the second one would be answered 429 and have no process.
            with socket.create_connection(address) as connection:
                connection.sendall(request)
                wait_until(list_children)
            wait_until(lambda: not list_children(), 10)
            time.sleep(0.3)
