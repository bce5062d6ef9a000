"""The socket on which the API waits for its clients."""

import socket

from transcriber.infra.errors import StartupError

BACKLOG = 2048


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens there; whoever asked closes it.

    Raises:
        StartupError: where the place is taken, or none of this machine's.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # The protocol is named because asyncio sends at once (TCP_NODELAY) only through sockets that
    # name it. An answer's head and body are two writes: the second would wait until the client has
    # acknowledged the first, which takes 40 ms on a connection that is kept.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(BACKLOG)
    except OSError as error:
        listener.close()
        raise StartupError(
            f"Cannot listen on {host}:{port}: {error.strerror}; stop what uses it or set PORT."
        ) from None
    return listener
