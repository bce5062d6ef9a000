"""The application with aliases whose schedule a test walks through."""

import time
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from httpx import Response
from sqlalchemy import select
from starlette.testclient import TestClient

from moved_clock import MovedClock
from service_context import open_client
from transcriber.infra.context import Context
from transcriber.uploads.aliases.counter import AliasCounter
from transcriber.uploads.aliases.models import AliasUse

DEPRECATED_AT = datetime(2027, 1, 1, tzinfo=UTC)
REDIRECT_AT = datetime(2027, 7, 1, tzinfo=UTC)
GONE_AT = datetime(2028, 1, 1, tzinfo=UTC)
MOMENTS = {
    "active": datetime(2027, 3, 1, tzinfo=UTC),
    "redirecting": datetime(2027, 9, 1, tzinfo=UTC),
    "gone": datetime(2028, 3, 1, tzinfo=UTC),
}
DEPRECATION = f"@{int(DEPRECATED_AT.timestamp())}"
SUNSET = "Sat, 01 Jan 2028 00:00:00 GMT"
WAIT_SECONDS = 60.0


@dataclass
class AliasService:
    """An API process of its own, with a clock of its own."""

    context: Context
    client: TestClient
    clock: MovedClock

    def enter(self, phase: str) -> None:
        self.clock.now = MOMENTS[phase]

    @property
    def counter(self) -> AliasCounter:
        found: AliasCounter = self.client.app.state.alias_counter
        return found

    def send(self, method: str, path: str, **options: Any) -> Response:
        """A request that follows no redirect."""
        return self.client.request(method, path, follow_redirects=False, **options)


@contextmanager
def open_alias_service(
    context: Context, headers: Mapping[str, str], **choices: Any
) -> Generator[AliasService]:
    """An application over the rows of `context` whose schedule begins as `MOMENTS` has it."""
    dates = {
        "upload_alias_deprecated_at": DEPRECATED_AT,
        "upload_alias_redirect_at": REDIRECT_AT,
        "upload_alias_gone_at": GONE_AT,
    }
    clock = MovedClock(MOMENTS["active"])
    settings = context.settings.model_copy(update={**dates, **choices})
    with open_client(replace(context, settings=settings, clock=clock)) as client:
        client.headers.update({"Authorization": headers["Authorization"]})
        yield AliasService(context, client, clock)


def list_rows(context: Context) -> Sequence[AliasUse]:
    with context.database.snapshot() as session:
        return session.scalars(select(AliasUse).order_by(AliasUse.alias, AliasUse.client)).all()


def count_uses(context: Context) -> dict[tuple[str, str], int]:
    """Uses by alias and client, over all accounts."""
    found: dict[tuple[str, str], int] = {}
    for row in list_rows(context):
        found[row.alias, row.client] = found.get((row.alias, row.client), 0) + row.uses
    return found


def await_uses(
    context: Context, is_there: Callable[[dict[tuple[str, str], int]], bool]
) -> dict[tuple[str, str], int]:
    """The counts once they are what is expected: they are written a moment after the answer."""
    deadline = time.monotonic() + WAIT_SECONDS
    while not is_there(found := count_uses(context)):
        assert time.monotonic() < deadline, found
        time.sleep(0.05)
    return found
