"""A request that is cancelled after its commit must not take the recording back."""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable

import pytest
from sqlalchemy import select

from transcriber.infra.context import Context
from transcriber.jobs import submission
from transcriber.recordings.models import Recording

BOUNDARY = "xx"
BODY = (
    f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="a.mp3"\r\n\r\n'
    f"some bytes\r\n--{BOUNDARY}--\r\n"
).encode()


class FakeRequest:
    headers = {"content-type": f"multipart/form-data; boundary={BOUNDARY}"}  # noqa: RUF012 -- a fake

    async def stream(self) -> AsyncIterator[bytes]:
        yield BODY


def hold_after_commit(
    monkeypatch: pytest.MonkeyPatch, context: Context
) -> tuple[threading.Event, threading.Event]:
    """Let the token's publication, the first thing after the commit, wait for the test."""
    committed, go_on = threading.Event(), threading.Event()
    publish: Callable[..., None] = context.queue.publish

    def wait(*token: object) -> None:
        committed.set()
        assert go_on.wait(10)
        publish(*token)

    monkeypatch.setattr(context.queue, "publish", wait)
    return committed, go_on


def test_a_request_cancelled_after_the_commit_keeps_its_recording(
    context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    context.settings.models_dir.mkdir(exist_ok=True)
    (context.settings.models_dir / "base.pt").write_bytes(b"not looked at here")
    committed, go_on = hold_after_commit(monkeypatch, context)

    async def cancel() -> None:
        request = submission.receive_job(FakeRequest(), context, "alice", None)
        task = asyncio.create_task(request)
        assert await asyncio.to_thread(committed.wait, 10)
        task.cancel()
        await asyncio.sleep(0)
        go_on.set()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(cancel())
    with context.database.snapshot() as session:
        keys = set(session.scalars(select(Recording.storage_key)))
    assert len(keys) == 1
    assert {each.key for each in context.storage.find_objects()} == keys
