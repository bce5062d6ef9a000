"""A faulty HTTP proxy before an S3-compatible server: real connections, broken as a test asks.

It speaks one request per connection, so that every fault hits exactly the request it was meant for.
"""

import contextlib
import socket
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from urllib.parse import parse_qs, urlsplit

from s3_server import S3Server

PIECE_BYTES = 65_536
PATIENCE_SECONDS = 60.0
_BY_QUERY = {
    ("POST", "uploads"): "begin_upload",
    ("POST", "uploadId"): "complete_upload",
    ("PUT", "partNumber"): "send_part",
    ("DELETE", "uploadId"): "abort_upload",
    ("GET", "uploads"): "list_uploads",
    ("GET", "uploadId"): "list_parts",
    ("GET", "list-type"): "list_objects",
}
_BY_METHOD = {"PUT": "put", "GET": "get", "HEAD": "head", "DELETE": "delete"}


@dataclass(frozen=True)
class Request:
    """A request's head as it was sent, without its body.

    Attributes:
        operation: What is asked for: `put`, `send_part`, `complete_upload`, `head_bucket` ...
    """

    operation: str
    head: bytes
    body_bytes: int
    expects_continue: bool


class Exchange:
    """One request on its way; a fault plays it out with these steps."""

    def __init__(self, client: socket.socket, request: Request, proxy: "S3Proxy") -> None:
        self.client = client
        self.request = request
        self._proxy = proxy

    def take_body(self, most: int | None = None) -> bytes:
        """The request's body, or its first bytes."""
        if self.request.expects_continue:
            self.client.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
        return _read(self.client, self.request.body_bytes if most is None else most)

    def ask_server(self, body: bytes) -> tuple[bytes, bytes]:
        """The server's whole answer to the request with this body: head and body."""
        with socket.create_connection(self._proxy.target, PATIENCE_SECONDS) as server:
            server.sendall(self.request.head + body)
            answer = b""
            while piece := server.recv(PIECE_BYTES):
                answer += piece
        head, _, rest = answer.partition(b"\r\n\r\n")
        return head + b"\r\n\r\n", rest

    def send_to_server(self, body: bytes) -> None:
        """Send the request with a part of its body only, and hang up."""
        with socket.create_connection(self._proxy.target, PATIENCE_SECONDS) as server:
            server.sendall(self.request.head + body)

    def forward(self) -> None:
        """Play it out unharmed."""
        head, body = self.ask_server(self.take_body())
        self.client.sendall(head + body)

    def hold(self) -> None:
        """Say nothing until the proxy closes."""
        self._proxy.closing.wait(PATIENCE_SECONDS)


Fault = Callable[[Exchange], None]


@dataclass(frozen=True)
class Plan:
    """A fault for the next `times` requests of these operations."""

    fault: Fault
    operations: frozenset[str]
    times: int


class S3Proxy:
    """Passes everything on until `break_next` or `break_always` says otherwise."""

    def __init__(self, target: tuple[str, int]) -> None:
        self.target = target
        self.closing = threading.Event()
        self.seen: list[str] = []
        self._plans: list[Plan] = []
        self._lock = threading.Lock()
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        self._threads = [threading.Thread(target=self._accept, daemon=True)]
        self._threads[0].start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    def break_next(self, fault: Fault, *operations: str, times: int = 1) -> None:
        """Let the next requests of these operations (of any, without) meet the fault."""
        with self._lock:
            self._plans.append(Plan(fault, frozenset(operations), times))

    def break_always(self, fault: Fault, *operations: str) -> None:
        self.break_next(fault, *operations, times=1_000_000)

    def heal(self) -> None:
        """Pass everything on again."""
        with self._lock:
            self._plans.clear()
            self.seen.clear()

    def count(self, operation: str) -> int:
        with self._lock:
            return self.seen.count(operation)

    def close(self) -> None:
        self.closing.set()
        # A closed listener alone does not wake the thread that waits on it.
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for thread in self._threads:
            thread.join(PATIENCE_SECONDS)

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                client.settimeout(PATIENCE_SECONDS)
                thread = threading.Thread(target=self._serve, args=(client,), daemon=True)
                self._threads.append(thread)
                thread.start()

    def _serve(self, client: socket.socket) -> None:
        # A client that hangs up, or a server that is gone, is what these tests are about.
        with contextlib.suppress(OSError), client:
            request = _read_request(client)
            if request is not None:
                self._choose(request.operation)(Exchange(client, request, self))

    def _choose(self, operation: str) -> Fault:
        with self._lock:
            self.seen.append(operation)
            for index, plan in enumerate(self._plans):
                if plan.times and (not plan.operations or operation in plan.operations):
                    self._plans[index] = replace(plan, times=plan.times - 1)
                    return plan.fault
        return Exchange.forward


@contextmanager
def open_s3_proxy(server: S3Server) -> Generator[S3Proxy]:
    proxy = S3Proxy(("127.0.0.1", server.port))
    try:
        yield proxy
    finally:
        proxy.close()


def _read_request(client: socket.socket) -> Request | None:
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        piece = client.recv(1)
        if not piece:
            return None
        head += piece
    first, *lines = head[:-4].split(b"\r\n")
    named = {name.strip().lower(): value.strip() for name, _, value in _split(lines)}
    kept = [line for line in lines if not line.lower().startswith((b"expect:", b"connection:"))]
    method, target, _ = first.decode().split(" ")
    return Request(
        operation=_name_operation(method, target),
        head=b"\r\n".join([first, *kept, b"Connection: close", b"", b""]),
        body_bytes=int(named.get(b"content-length", b"0")),
        expects_continue=b"expect" in named,
    )


def _split(lines: list[bytes]) -> list[tuple[bytes, bytes, bytes]]:
    return [line.partition(b":") for line in lines]


def _name_operation(method: str, target: str) -> str:
    address = urlsplit(target)
    for name in parse_qs(address.query, keep_blank_values=True):
        if (method, name) in _BY_QUERY:
            return _BY_QUERY[method, name]
    is_bucket = address.path.strip("/").count("/") == 0
    return f"{_BY_METHOD[method]}{'_bucket' if is_bucket else ''}"


def _read(source: socket.socket, count: int) -> bytes:
    data = bytearray()
    while len(data) < count:
        piece = source.recv(min(PIECE_BYTES, count - len(data)))
        if not piece:
            raise ConnectionError("The client hung up.")
        data += piece
    return bytes(data)
