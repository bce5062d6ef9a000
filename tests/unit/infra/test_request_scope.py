import asyncio
import threading

from starlette.requests import Request
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
