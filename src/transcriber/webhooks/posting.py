"""Sending one message within a bound, whatever the receiver does."""

import http.client
import socket
import ssl
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus

from transcriber.webhooks.targets import Target

DEADLINE_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of it: the answer's status, or why there was none."""

    status_code: int | None
    error: str | None

    @property
    def is_delivered(self) -> bool:
        """Whether the receiver took it: any status of 2xx; redirects are not followed."""
        return self.error is None


def post_message(
    target: Target,
    body: bytes,
    headers: Mapping[str, str],
    *,
    deadline_seconds: float = DEADLINE_SECONDS,
) -> Outcome:
    """POST `body` and read the status; the answer's body is never read.

    A receiver that sends a byte now and then would outlast every timeout of a single read, so a
    timer ends the connection at the deadline.
    """
    connection = _open(target, deadline_seconds)
    is_late = threading.Event()

    def end() -> None:
        is_late.set()
        _shut(connection)

    timer = threading.Timer(deadline_seconds, end)
    timer.daemon = True
    timer.start()
    try:
        connection.request("POST", target.path, body=body, headers=dict(headers))
        status = connection.getresponse().status
        # A header cut off by the shutdown looks like one that came to its end.
        outcome = _give_up(deadline_seconds) if is_late.is_set() else _judge(status)
    except (OSError, http.client.HTTPException) as error:
        is_timeout = is_late.is_set() or isinstance(error, TimeoutError)
        outcome = _give_up(deadline_seconds) if is_timeout else Outcome(None, _describe(error))
    finally:
        timer.cancel()
        connection.close()
    return outcome


def _judge(status: int) -> Outcome:
    is_success = HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES
    return Outcome(status, None if is_success else f"It answered {status}.")


def _give_up(deadline_seconds: float) -> Outcome:
    return Outcome(None, f"It did not answer within {deadline_seconds:g} seconds.")


def _open(target: Target, timeout: float) -> http.client.HTTPConnection:
    if target.scheme == "https":
        context = ssl.create_default_context()
        return http.client.HTTPSConnection(
            target.host, target.port, timeout=timeout, context=context
        )
    return http.client.HTTPConnection(target.host, target.port, timeout=timeout)


def _shut(connection: http.client.HTTPConnection) -> None:
    # `close` would not wake the thread that waits in `recv`; a shutdown does.
    sock: socket.socket | None = connection.sock
    if sock is None:
        return
    try:
        sock.shutdown(socket.SHUT_RDWR)
    except OSError:
        # The receiver closed it in the same moment.
        return


def _describe(error: Exception) -> str:
    if isinstance(error, ssl.SSLError):
        return f"Its certificate or TLS was refused: {error.reason or 'unknown reason'}."
    if isinstance(error, socket.gaierror):
        return "Its name is not known."
    if isinstance(error, OSError) and error.strerror:
        return f"It could not be reached: {error.strerror}."
    return f"Its answer was not HTTP ({type(error).__name__})."
