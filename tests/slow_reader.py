"""A reader of an event stream that asks and never takes what it is sent."""

import socket
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from urllib.parse import urlsplit

RECEIVE_BYTES = 4096


@contextmanager
def open_slow_reader(
    address: str, headers: Mapping[str, str], patience: float
) -> Generator[socket.socket]:
    """Ask for the account's stream and read nothing but that it began, until the block ends.

    Args:
        address: Of the service, `http://host:port`.
        headers: That sign its account in.
        patience: Seconds to wait for the answer's first line.
    """
    target = urlsplit(address)
    assert target.hostname is not None
    assert target.port is not None
    with socket.socket() as connection:
        # Its own buffers hold next to nothing, so that the service feels it.
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BYTES)
        connection.settimeout(patience)
        connection.connect((target.hostname, target.port))
        lines = [f"{name}: {value}" for name, value in {"Host": target.netloc, **headers}.items()]
        connection.sendall("\r\n".join(["GET /jobs/events HTTP/1.1", *lines, "", ""]).encode())
        status = b"HTTP/1.1 200 OK"
        assert connection.recv(len(status)) == status
        yield connection
