"""The API under a real server on a real port, in a thread; and a reader of its event streams."""

import json
import socket
import threading
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
import uvicorn

from transcriber.accounts.models import Role
from transcriber.accounts.repository import AccountRepository
from transcriber.accounts.service import AccountService
from transcriber.accounts.sessions import read_session_lifetime
from transcriber.app import create_app
from transcriber.infra.client_connection import ExposeConnection
from transcriber.infra.context import Context
from transcriber.infra.database import Database
from transcriber.infra.hints import Hints, build_hints
from transcriber.infra.identifiers import create_id
from transcriber.jobs.events.hub import StreamHub
from transcriber.jobs.events.pump import PumpTimes
from transcriber.serving import ApiServer

READ_TIMEOUT_SECONDS = 60.0


@dataclass(frozen=True)
class Event:
    name: str
    data: dict[str, Any]
    id: int | None


@dataclass
class Reading:
    """An open stream, event by event; `heartbeats` and `retry` are noted in passing."""

    response: httpx.Response
    heartbeats: int = 0
    retry: int | None = None
    last_id: int | None = None
    events: Iterator[Event] = field(init=False)
    pieces: Iterator[str | None] = field(init=False)

    def __post_init__(self) -> None:
        self.pieces = self._read()
        self.events = (event for event in self.pieces if isinstance(event, Event))

    def take(self, name: str) -> Event:
        """The next event of that name; others before it are passed over."""
        return next(event for event in self.events if event.name == name)

    def take_until_end(self) -> list[Event]:
        return list(self.events)

    def wait_for_heartbeat(self) -> None:
        next(piece for piece in self.pieces if piece is None)

    def _read(self) -> Iterator[Any]:
        lines: dict[str, str] = {}
        for line in self.response.iter_lines():
            name, _, value = line.partition(": ")
            if line == "":
                if "data" in lines:
                    event_id = int(lines["id"]) if "id" in lines else None
                    self.last_id = event_id if event_id is not None else self.last_id
                    yield Event(lines["event"], json.loads(lines["data"]), event_id)
                lines = {}
            elif name == "":
                self.heartbeats += 1
                yield None
            elif name == "retry":
                self.retry = int(value)
            else:
                lines[name] = value


@dataclass
class LiveApi:
    context: Context
    hub: StreamHub
    server: ApiServer
    thread: threading.Thread
    port: int

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @contextmanager
    def open_client(self, token: str) -> Generator[httpx.Client]:
        headers = {"Authorization": f"Bearer {token}"}
        with httpx.Client(
            base_url=self.address, headers=headers, timeout=READ_TIMEOUT_SECONDS, trust_env=False
        ) as client:
            yield client

    @contextmanager
    def read(self, path: str, token: str, *, after: int | None = None) -> Generator[Reading]:
        headers = {} if after is None else {"Last-Event-ID": str(after)}
        with (
            self.open_client(token) as client,
            client.stream("GET", path, headers=headers) as response,
        ):
            assert response.status_code == 200, response.read()
            yield Reading(response)

    def stop(self) -> None:
        self.server.should_exit = True
        self.thread.join(30)
        assert not self.thread.is_alive()


@contextmanager
def serve_api(
    context: Context,
    *,
    times: PumpTimes | None = None,
    hints: Callable[[Database], Hints] = build_hints,
    **choices: Any,
) -> Generator[LiveApi]:
    """The application of `context` on a free port, with other settings for its streams."""
    app = create_app(context)
    settings = context.settings.model_copy(update=choices)
    hub = StreamHub(context.database, settings, build_hints=hints, times=times)
    app.state.streams = hub
    config = uvicorn.Config(
        ExposeConnection(app), log_config=None, access_log=False, timeout_graceful_shutdown=10
    )
    listening = threading.Event()
    server = ApiServer(
        config,
        threading.Event(),
        0.0,
        on_listening=listening.set,
        on_exit=lambda: None,
        on_shutdown=hub.close,
    )
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        assert listening.wait(30)
        api = LiveApi(context, hub, server, thread, listener.getsockname()[1])
        try:
            yield api
        finally:
            api.stop()


def add_account(context: Context, role: Role = "user") -> tuple[str, str]:
    """A new account and the token of its session; nobody could sign in with its password."""
    with context.database.unit_of_work() as uow:
        rows = AccountRepository(uow.session)
        service = AccountService(rows, read_session_lifetime(context.settings))
        account = service.create_account(f"reader-{create_id()}", "none", role, actor="test")
        return account.user_id, service.open_session(account.user_id, "bearer").token


def end_sessions(context: Context, user_id: str) -> None:
    with context.database.unit_of_work() as uow:
        rows = AccountRepository(uow.session)
        rows.revoke_sessions(user_id, rows.read_time(), except_hash=None)
