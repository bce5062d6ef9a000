"""Where a request comes from, as its acts say it."""

import asyncio
import threading

import pytest
from anyio import to_thread
from starlette.types import Message, Receive, Scope, Send

from transcriber.infra.meter import Meter
from transcriber.infra.origin import Origin, read_address, read_origin, work_for
from transcriber.infra.request_scope import RequestScope


@pytest.mark.parametrize(
    ("client", "address"),
    [
        (("203.0.113.9", 1), "203.0.113.9"),
        (("2001:0DB8::0001", 1), "2001:db8::1"),
        (("::ffff:203.0.113.9", 1), "203.0.113.9"),
        (("fe80::1%" + "x" * 500, 1), "fe80::1"),
        (("unknown", 0), None),
        (("=cmd|' /C calc'!A0", 0), None),
        (("", 0), None),
        (None, None),
    ],
)
def test_an_address_has_one_short_spelling(client: object, address: str | None) -> None:
    assert read_address({"client": client}) == address


def test_there_is_none_without_a_request() -> None:
    assert read_origin() == Origin(None, None)
    with work_for(Origin("192.0.2.1", "r")):
        assert read_origin().address == "192.0.2.1"
    assert read_origin() == Origin(None, None)


def test_a_requests_threads_see_it_and_other_requests_see_their_own() -> None:
    seen: list[Origin] = []

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        await asyncio.sleep(0)
        seen.append(await to_thread.run_sync(read_origin))

    async def receive() -> Message:
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        raise AssertionError(message)

    async def ask() -> None:
        app = RequestScope(answer, threading.Event(), Meter())
        await asyncio.gather(
            *(app(build_scope(f"192.0.2.{number}"), receive, send) for number in range(3))
        )

    asyncio.run(ask())
    assert sorted(origin.address or "" for origin in seen) == [
        "192.0.2.0",
        "192.0.2.1",
        "192.0.2.2",
    ]
    assert len({origin.request_id for origin in seen}) == 3
    assert read_origin() == Origin(None, None)


def build_scope(address: str) -> Scope:
    return {
        "type": "http",
        "method": "GET",
        "path": "/jobs/",
        "headers": [],
        "client": (address, 1),
    }
