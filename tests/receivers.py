"""Receivers of webhooks on this machine: one that takes messages, and ones that misbehave."""

import socket
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

Behaviour = Callable[[socket.socket, threading.Event], None]


@dataclass
class Received:
    """What a receiver was sent, and what it answers with next."""

    url: str
    status: int = 200
    bodies: list[bytes] = field(default_factory=list[bytes])
    headers: list[dict[str, str]] = field(default_factory=list[dict[str, str]])


@contextmanager
def open_receiver() -> Generator[Received]:
    """An HTTP server that keeps what it is sent."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            received.bodies.append(self.rfile.read(length))
            received.headers.append({name.lower(): value for name, value in self.headers.items()})
            self.send_response(received.status)
            self.send_header("Location", "/elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_args: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    received = Received(url=f"http://127.0.0.1:{server.server_port}/in?from=test")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield received
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def drip_header(connection: socket.socket, stopping: threading.Event) -> None:
    """A tarpit: a byte of an endless header now and then, so that no single read times out."""
    connection.sendall(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    while not stopping.wait(0.05):
        connection.sendall(b"a")


def stay_silent(connection: socket.socket, stopping: threading.Event) -> None:
    """A tarpit that takes everything and answers nothing."""
    stopping.wait()


def send_garbage(connection: socket.socket, stopping: threading.Event) -> None:
    """Something that is no HTTP."""
    connection.recv(65_536)
    connection.sendall(b"\x00\x01\x02 garbage\r\n\r\n")


@contextmanager
def open_socket_server(behave: Behaviour) -> Generator[str]:
    """A server of raw sockets that treats each connection as `behave` does; gives its address."""
    stopping = threading.Event()
    threads: list[threading.Thread] = []

    def serve(connection: socket.socket) -> None:
        with connection, suppress(OSError):
            behave(connection, stopping)

    def accept() -> None:
        with suppress(OSError):
            while True:
                connection, _ = listener.accept()
                threads.append(threading.Thread(target=serve, args=(connection,)))
                threads[-1].start()

    with socket.create_server(("127.0.0.1", 0)) as listener:
        acceptor = threading.Thread(target=accept)
        acceptor.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}/"
        finally:
            stopping.set()
            listener.shutdown(socket.SHUT_RDWR)
            acceptor.join()
            for thread in threads:
                thread.join()
