"""Redirects and refusals leave a body where it is: on a socket, where that shows."""

import socket
from collections.abc import Generator
from dataclasses import replace

import pytest
from starlette.testclient import TestClient

from alias_service import DEPRECATED_AT, GONE_AT, MOMENTS, REDIRECT_AT
from moved_clock import MovedClock
from socket_service import listen, read_answer
from transcriber.infra.context import Context

HUGE = 5 * 1024**3
TARGETS = (f"PUT /uploads/{'a' * 32}/chunk/0", "POST /uploads/init")


@pytest.fixture(scope="module", name="clock")
def make_clock() -> MovedClock:
    return MovedClock()


@pytest.fixture(scope="module")
def address(local_context: Context, clock: MovedClock) -> Generator[tuple[str, int]]:
    dates = {
        "upload_alias_deprecated_at": DEPRECATED_AT,
        "upload_alias_redirect_at": REDIRECT_AT,
        "upload_alias_gone_at": GONE_AT,
    }
    settings = local_context.settings.model_copy(update=dates)
    with listen(replace(local_context, settings=settings, clock=clock)) as found:
        yield found


@pytest.mark.parametrize("phase", ["redirecting", "gone"])
@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("expect", ["", "Expect: 100-continue\r\n"])
def test_the_answer_comes_before_the_body_and_asks_for_none(
    *,
    address: tuple[str, int],
    clock: MovedClock,
    local_client: TestClient,
    phase: str,
    target: str,
    expect: str,
) -> None:
    clock.now = MOMENTS[phase]
    head = (
        f"{target} HTTP/1.1\r\nHost: a\r\nAuthorization: {local_client.headers['Authorization']}"
        f"\r\nContent-Type: application/json\r\nContent-Length: {HUGE}\r\n{expect}\r\n"
    )
    with socket.create_connection(address, timeout=60) as connection:
        connection.sendall(head.encode())
        # The whole answer and the end of the connection, with not one byte of the body sent.
        answer = read_answer(connection)
    assert answer.startswith(b"HTTP/1.1 308 " if phase == "redirecting" else b"HTTP/1.1 410 ")
    assert b"100 Continue" not in answer
    assert b"connection: close" in answer.lower()


def test_a_client_that_sends_all_before_it_reads_gets_its_answer(
    address: tuple[str, int], clock: MovedClock, local_client: TestClient
) -> None:
    clock.now = MOMENTS["redirecting"]
    body = bytes(8 * 1024**2)
    head = (
        f"{TARGETS[0]} HTTP/1.1\r\nHost: a\r\n"
        f"Authorization: {local_client.headers['Authorization']}\r\n"
        f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    )
    with socket.create_connection(address, timeout=60) as connection:
        connection.sendall(head.encode())
        connection.sendall(body)
        answer = read_answer(connection)
    assert answer.startswith(b"HTTP/1.1 308 "), answer
