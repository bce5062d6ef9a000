"""One HTTP connection at a time, which can be cut in the middle of a request."""

import http.client
import json
import random
import socket
import struct
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

TIMEOUT_SECONDS = 60.0
PIECE_BYTES = 64 * 1024
LONGEST_WAIT_SECONDS = 0.03
# SO_LINGER with no time at all: closing sends RST in place of FIN.
AT_ONCE = struct.pack("ii", 1, 0)


class CutError(Exception):
    """The connection was cut on purpose."""


@dataclass(frozen=True, slots=True)
class Cut:
    """Where a request's connection is cut.

    Attributes:
        after_bytes: How much of the body is sent before; None sends all of it, and the answer is
            not read.
        wait_seconds: From the last byte until the cut.
        is_reset: By RST; by FIN otherwise.
    """

    after_bytes: int | None
    wait_seconds: float
    is_reset: bool

    @property
    def kind(self) -> str:
        """As the report names it."""
        place = "before the answer" if self.after_bytes is None else "in a body"
        return f"{'RST' if self.is_reset else 'FIN'} {place}"


def draw_cut(rng: random.Random, body_bytes: int) -> Cut:
    """Anywhere in the body, or between it and the answer."""
    is_in_body = body_bytes > 0 and rng.random() < 0.5
    return Cut(
        after_bytes=rng.randrange(body_bytes) if is_in_body else None,
        wait_seconds=rng.choice([0.0, rng.uniform(0.0, LONGEST_WAIT_SECONDS)]),
        is_reset=rng.random() < 0.5,
    )


@dataclass(frozen=True, slots=True)
class Answer:
    """Status and body."""

    status: int
    content: bytes

    def read(self) -> dict[str, Any]:
        """The JSON document."""
        found: dict[str, Any] = json.loads(self.content)
        return found


class Wire:
    """HTTP over a connection that is kept while it lives, and opened again after it died.

    Args:
        host: Of the service.
        port: Of the service.
        headers: What every request carries.
    """

    def __init__(self, host: str, port: int, headers: Mapping[str, str]) -> None:
        self._address = (host, port)
        self._headers = dict(headers)
        self._connection: http.client.HTTPConnection | None = None

    def open(self) -> None:
        """Connect, unless it is connected.

        Raises:
            OSError: nobody listens.
        """
        if self._connection is None:
            connection = http.client.HTTPConnection(*self._address, timeout=TIMEOUT_SECONDS)
            connection.connect()
            # One small packet after the other must not wait for acknowledgements.
            connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._connection = connection

    def ask(
        self,
        method: str,
        path: str,
        body: bytes = b"",
        *,
        headers: Mapping[str, str] | None = None,
        cut: Cut | None = None,
    ) -> Answer:
        """Send one request over the open connection.

        Raises:
            CutError: as `cut` says.
            OSError, http.client.HTTPException: the other end went away.
        """
        assert self._connection is not None, "The connection is not open."
        try:
            sent = {**(headers or {}), "Content-Length": str(len(body))}
            self._send_head(self._connection, method, path, sent)
            self._send_body(self._connection, body, cut)
            response = self._connection.getresponse()
            answer = Answer(response.status, response.read())
        except BaseException:
            self.close()
            raise
        if response.will_close:
            self.close()
        return answer

    def close(self) -> None:
        """Close the connection."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()

    def _send_head(
        self,
        connection: http.client.HTTPConnection,
        method: str,
        path: str,
        headers: Mapping[str, str],
    ) -> None:
        connection.putrequest(method, path)
        for name, value in {**self._headers, **headers}.items():
            connection.putheader(name, value)
        connection.endheaders()

    def _send_body(
        self, connection: http.client.HTTPConnection, body: bytes, cut: Cut | None
    ) -> None:
        end = len(body) if cut is None or cut.after_bytes is None else cut.after_bytes
        for start in range(0, end, PIECE_BYTES):
            connection.send(body[start : min(start + PIECE_BYTES, end)])
        if cut is not None:
            time.sleep(cut.wait_seconds)
            if cut.is_reset:
                connection.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, AT_ONCE)
            raise CutError(cut.kind)
