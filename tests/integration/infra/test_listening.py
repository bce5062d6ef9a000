"""The API's socket, with asyncio's own transports on it."""

import asyncio
import socket

import pytest

from transcriber.infra.errors import StartupError
from transcriber.infra.listening import listen


@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
def test_answers_leave_at_once(host: str) -> None:
    """Two small writes in a row do not wait for the client's acknowledgement of the first."""
    with listen(host, 0) as listener:
        assert asyncio.run(_is_sending_at_once(listener))


async def _is_sending_at_once(listener: socket.socket) -> bool:
    option: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    def look(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        accepted = writer.get_extra_info("socket")
        option.set_result(accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
        writer.close()

    async with await asyncio.start_server(look, sock=listener):
        host, port = listener.getsockname()[:2]
        _, writer = await asyncio.open_connection(host, port)
        try:
            return bool(await asyncio.wait_for(option, 30))
        finally:
            writer.close()


def test_a_taken_place_is_told_in_a_sentence() -> None:
    with listen("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(StartupError, match=f"Cannot listen on 127.0.0.1:{port}: Address alr"):
            listen("127.0.0.1", port)
