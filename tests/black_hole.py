"""A TCP proxy that can fall silent: its connections stay open and carry nothing any more."""

import contextlib
import select
import socket
import threading
from collections.abc import Generator
from contextlib import contextmanager


class BlackHole:
    """Forwards connections to a server.

    After `swallow` the connections that exist are silent for ever, as behind a firewall that has
    forgotten them, while new ones are forwarded; after `refuse` new ones are closed at once too.
    """

    def __init__(self, target: tuple[str, int]) -> None:
        self._target = target
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._generation = 0
        self._is_refusing = False
        self._sockets: list[socket.socket] = []
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def port(self) -> int:
        port: int = self._listener.getsockname()[1]
        return port

    def swallow(self) -> None:
        self._generation += 1

    def refuse(self) -> None:
        self._is_refusing = True
        self.swallow()

    def close(self) -> None:
        # A closed listener alone does not wake the thread that waits on it.
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._generation += 1
        for each in self._sockets:
            each.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                if self._is_refusing:
                    client.close()
                    continue
                server = socket.create_connection(self._target)
                self._sockets += [client, server]
                pair = (client, server, self._generation)
                threading.Thread(target=self._forward, args=pair, daemon=True).start()

    def _forward(self, client: socket.socket, server: socket.socket, generation: int) -> None:
        peers = {client: server, server: client}
        with contextlib.suppress(OSError, ValueError):
            while True:
                ready, _, _ = select.select(list(peers), [], [], 0.1)
                if self._generation != generation:
                    return
                for each in ready:
                    data = each.recv(65_536)
                    if not data:
                        client.close()
                        server.close()
                        return
                    peers[each].sendall(data)


@contextmanager
def open_black_hole(port: int) -> Generator[BlackHole]:
    """A proxy of the server on this port of this machine."""
    hole = BlackHole(("127.0.0.1", port))
    try:
        yield hole
    finally:
        hole.close()
