import asyncio
import threading

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Message, Receive, Scope, Send
from structlog.testing import capture_logs

from transcriber.infra.meter import Meter
from transcriber.infra.request_scope import RequestScope


async def _read_all(scope: Scope, receive: Receive, send: Send) -> None:
    async for _ in Request(scope, receive, send).stream():
        pass


def test_a_client_that_leaves_in_the_middle_is_no_failure() -> None:
    arriving: list[Message] = [
        {"type": "http.request", "body": b"half", "more_body": True},
        {"type": "http.disconnect"},
    ]
    sent: list[Message] = []

    async def receive() -> Message:
        return arriving.pop(0)

    async def send(message: Message) -> None:
        sent.append(message)

    scope: Scope = {"type": "http", "method": "POST", "path": "/jobs/", "headers": []}
    with capture_logs() as logged:
        asyncio.run(RequestScope(_read_all, threading.Event(), Meter())(scope, receive, send))
    assert sent == []
    assert [line["event"] for line in logged] == ["client_left", "request"]
    assert {line["log_level"] for line in logged} == {"info"}


def count_answers(path: str, status: int) -> int:
    """How many answers the meter has seen after one."""

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        await Response(status_code=status)(scope, receive, send)

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        pass

    meter = Meter()
    scope: Scope = {"type": "http", "method": "GET", "path": path, "headers": []}
    asyncio.run(RequestScope(answer, threading.Event(), meter)(scope, receive, send))
    return sum(amount.count for amount in meter.read().values())


def test_a_probe_that_is_told_not_ready_is_no_error_of_the_service() -> None:
    assert count_answers("/readyz", 503) == 0
    assert count_answers("/readyz", 200) == 1
    assert count_answers("/readyz", 500) == 1
    assert count_answers("/jobs/", 503) == 1
