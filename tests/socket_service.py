"""The API on a real port in a thread, for what only a socket can say."""

import socket
import threading
from collections.abc import Generator
from contextlib import contextmanager

import uvicorn

from transcriber.app import create_app
from transcriber.infra.context import Context
from transcriber.infra.impatient_protocol import ImpatientProtocol


@contextmanager
def listen(
    context: Context, protocol: type[ImpatientProtocol] = ImpatientProtocol
) -> Generator[tuple[str, int]]:
    config = uvicorn.Config(create_app(context), http=protocol, log_config=None, access_log=False)
    server = uvicorn.Server(config)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            yield listener.getsockname()
        finally:
            server.should_exit = True
            thread.join()


def read_answer(connection: socket.socket) -> bytes:
    """All that comes until the other side closes."""
    answer = b""
    while piece := connection.recv(65_536):
        answer += piece
    return answer
