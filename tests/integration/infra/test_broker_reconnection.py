"""How long a worker sleeps between two looks for a broker that is away."""

import socket
from pathlib import Path

import pytest

from service_context import build_settings
from transcriber.infra.celery_app import build_celery

MOST_LOOKS = 3


class EnoughError(Exception):
    """The test has seen what it wanted."""


@pytest.mark.parametrize("scheme", ["redis", "amqp"])
def test_the_pauses_do_not_grow_while_the_broker_is_away(scheme: str, tmp_path: Path) -> None:
    with socket.socket() as nobody:
        # Bound and not listening: every connection to it is refused.
        nobody.bind(("127.0.0.1", 0))
        url = f"{scheme}://127.0.0.1:{nobody.getsockname()[1]}/"
        celery = build_celery(build_settings(tmp_path, broker_url=url))
        pauses: list[float] = []

        def note(error: Exception, pause: float) -> None:
            pauses.append(pause)
            if len(pauses) == MOST_LOOKS:
                raise EnoughError

        with celery.connection_for_write() as connection, pytest.raises(EnoughError):
            connection.ensure_connection(note)
    assert pauses == [2.0, 2.0, 2.0]
