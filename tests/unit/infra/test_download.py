"""A file that is made while it is sent: who is told of a failure, and what ends with the client."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from transcriber.infra.disk_threads import DiskThreads
from transcriber.infra.download import DownloadResponse
from transcriber.infra.errors import InvalidError, ServiceError, UnavailableError


class FakeSource:
    """Sends `pieces`; a piece that is an exception is raised in its place."""

    def __init__(self, *pieces: bytes | Exception, refusal: ServiceError | None = None) -> None:
        self.pieces = pieces
        self.refusal = refusal
        self.steps: list[str] = []
        self.unwanted = threading.Event()
        self.waiting = threading.Event()
        self.drawn = 0

    def open(self) -> None:
        self.steps.append("open")
        if self.refusal is not None:
            raise self.refusal

    def read(self) -> Iterator[bytes]:
        try:
            for piece in self.pieces:
                self.drawn += 1
                if isinstance(piece, Exception):
                    raise piece
                if piece == b"wait":
                    self.waiting.set()
                    assert self.unwanted.wait(10)
                    return
                yield piece
        finally:
            self.steps.append("ended")

    def cancel(self) -> None:
        self.steps.append("cancel")
        self.unwanted.set()

    def close(self) -> None:
        self.steps.append("close")


async def stay() -> None:
    await asyncio.Event().wait()


def answer(
    source: FakeSource,
    *,
    until_left: Callable[[], Any] = stay,
    stall_seconds: float = 5,
    stops_taking: bool = False,
) -> list[dict[str, Any]]:
    """What the client is sent; it leaves when `until_left` returns."""
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, str]:
        await until_left()
        return {"type": "http.disconnect"}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)
        if stops_taking and message["type"] == "http.response.body":
            await stay()

    response = DownloadResponse(
        source,
        DiskThreads(2),
        headers={"Content-Disposition": "attachment"},
        media_type="application/zip",
        stall_seconds=stall_seconds,
    )
    asyncio.run(response({"type": "http"}, receive, send))
    return sent


def test_the_pieces_arrive_and_everything_is_given_back() -> None:
    source = FakeSource(b"one", b"two")
    start, *bodies = answer(source)
    assert (start["type"], start["status"]) == ("http.response.start", 200)
    assert not any(name == b"content-length" for name, _ in start["headers"])
    assert [body["body"] for body in bodies] == [b"one", b"two", b""]
    assert [body["more_body"] for body in bodies] == [True, True, False]
    assert source.steps == ["open", "ended", "cancel", "close"]


def test_without_a_place_nothing_is_sent_and_nothing_is_given_back() -> None:
    source = FakeSource(b"one", refusal=UnavailableError("Busy."))
    with pytest.raises(UnavailableError):
        answer(source)
    assert source.steps == ["open"]


def test_a_refusal_before_the_first_piece_is_the_answer() -> None:
    source = FakeSource(InvalidError("No."))
    with pytest.raises(InvalidError):
        answer(source)
    assert source.steps == ["open", "ended", "cancel", "close"]


def test_a_failure_in_the_middle_ends_the_answer_half_done() -> None:
    source = FakeSource(b"one", OSError("The disk is gone."))
    with pytest.raises(OSError, match="disk is gone"):
        answer(source)
    assert source.steps == ["open", "ended", "cancel", "close"]


def test_a_client_that_leaves_ends_what_a_thread_waits_for() -> None:
    source = FakeSource(b"one", b"wait", b"never")

    async def leave() -> None:
        await asyncio.to_thread(source.waiting.wait, 10)

    sent = answer(source, until_left=leave)
    assert [message.get("body") for message in sent[:2]] == [None, b"one"]
    assert source.steps[:2] == ["open", "cancel"]
    assert source.steps[-1] == "close"
    assert "ended" in source.steps
    assert source.drawn == 2


def test_a_client_that_takes_nothing_is_dropped() -> None:
    source = FakeSource(*[b"piece"] * 100)
    sent = answer(source, stall_seconds=0.05, stops_taking=True)
    assert len(sent) == 2
    assert source.drawn == 1
    assert source.steps == ["open", "cancel", "ended", "close"]


def test_a_source_that_times_out_is_no_stalled_client() -> None:
    source = FakeSource(b"one", TimeoutError("The database was silent."))
    with pytest.raises(TimeoutError, match="silent"):
        answer(source)
    assert source.steps[-1] == "close"
