"""People who send a recording, wait for its transcript and begin again, many at a time."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from typing import Any

import httpx

UPLOAD, CHUNK, SUBMIT, POLL, READ = "upload", "chunk", "submit", "poll", "read"
STEPS = (UPLOAD, CHUNK, SUBMIT, POLL, READ)
"""What a user does, in this order; each is one request, `chunk` and `poll` as often as it takes."""
ENDS = frozenset({"completed", "failed", "cancelled", "quarantined"})


class RefusedError(Exception):
    """A request was not answered as it should have been."""


@dataclass(slots=True)
class Observed:
    """What all users saw together.

    Attributes:
        seconds: How long each request took, by its step.
        waits: From the end of sending to the whole transcript, for each recording.
        failures: One sentence for each recording that came to nothing.
    """

    seconds: dict[str, list[float]] = field(
        default_factory=lambda: {step: list[float]() for step in STEPS}
    )
    waits: list[float] = field(default_factory=list[float])
    failures: list[str] = field(default_factory=list[str])


@dataclass(frozen=True, slots=True)
class Load:
    """How many users do what for how long.

    Attributes:
        users: Side by side.
        seconds: Nobody begins a recording after this; those begun are waited for.
        poll_seconds: Between two looks at a job.
    """

    users: int
    seconds: float
    poll_seconds: float


async def run_users(
    address: str, headers: dict[str, str], recordings: Sequence[Path], load: Load
) -> Observed:
    """Let the users work, each with recordings of its own turn; they begin one after the other."""
    observed = Observed()
    contents = [path.read_bytes() for path in recordings]
    limits = httpx.Limits(max_connections=2 * load.users)
    async with (
        httpx.AsyncClient(base_url=address, headers=headers, timeout=60, limits=limits) as client,
        asyncio.TaskGroup() as group,
    ):
        until = time.monotonic() + load.seconds
        for number in range(load.users):
            user = User(client, observed, load.poll_seconds)
            turn = [contents[(number + each) % len(contents)] for each in range(len(contents))]
            group.create_task(user.work(turn, until))
            # People do not arrive all at once, and what they ask is not in step.
            await asyncio.sleep(load.poll_seconds / load.users)
    return observed


class User:
    """One of them.

    Args:
        client: Signed in.
        observed: Where what it sees is added.
        poll_seconds: Between two looks at a job.
    """

    def __init__(self, client: httpx.AsyncClient, observed: Observed, poll_seconds: float) -> None:
        self._client = client
        self._observed = observed
        self._poll_seconds = poll_seconds

    async def work(self, recordings: Sequence[bytes], until: float) -> None:
        """Send one recording after the other until the time is over."""
        number = 0
        while time.monotonic() < until:
            try:
                await self._transcribe(recordings[number % len(recordings)])
            except (RefusedError, httpx.TransportError) as error:
                self._observed.failures.append(f"{error or type(error).__name__}")
                await asyncio.sleep(self._poll_seconds)
            number += 1

    async def _transcribe(self, recording: bytes) -> None:
        body = {"name": "talk.wav", "size_bytes": len(recording), "options": {"language": "en"}}
        upload = await self._send(UPLOAD, "POST", "/uploads/", json=body)
        size = upload["chunk_bytes"]
        for number in range(upload["chunk_count"]):
            path = f"/uploads/{upload['id']}/chunks/{number}"
            await self._send(CHUNK, "PUT", path, content=recording[number * size :][:size])
        sent = time.monotonic()
        job_id = await self._submit(upload["id"])
        state = await self._await_end(job_id)
        if state != "completed":
            raise RefusedError(f"A job became {state}.")
        await self._send(READ, "GET", f"/transcripts/{job_id}")
        self._observed.waits.append(time.monotonic() - sent)

    async def _submit(self, upload_id: str) -> str:
        made = await self._send(SUBMIT, "POST", f"/uploads/{upload_id}/finalize")
        # A verification that takes longer than two seconds is to be asked for again.
        while made.get("job_id", made.get("id")) in {None, upload_id}:
            await asyncio.sleep(self._poll_seconds)
            made = await self._send(SUBMIT, "POST", f"/uploads/{upload_id}/finalize")
        return str(made.get("job_id") or made["id"])

    async def _await_end(self, job_id: str) -> str:
        while True:
            job = await self._send(POLL, "GET", f"/jobs/{job_id}")
            if job["state"] in ENDS:
                return str(job["state"])
            await asyncio.sleep(self._poll_seconds)

    async def _send(self, step: str, method: str, path: str, **request: Any) -> dict[str, Any]:
        began = time.monotonic()
        answer = await self._client.request(method, path, **request)
        self._observed.seconds[step].append(time.monotonic() - began)
        if answer.status_code >= HTTPStatus.BAD_REQUEST:
            raise RefusedError(f"{step}: {answer.status_code} {answer.text[:200]}")
        found: dict[str, Any] = answer.json()
        return found
