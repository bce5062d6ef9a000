"""Answering a request whose body nobody wants: it is neither kept nor waited for."""

import asyncio

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LINGER_SECONDS = 1.0


async def linger(receive: Receive) -> None:
    """Discard what still comes, for a moment.

    Closing a socket with unread bytes resets it, and the client would lose the answer.
    """
    try:
        async with asyncio.timeout(LINGER_SECONDS):
            while (await receive()).get("more_body", False):
                pass
    except TimeoutError:
        return


class AnswerUnread:
    """Pure ASGI around what never reads a body: the answer first, then a moment for the client.

    A client that asked whether to send its body learns from the answer that it need not.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, and linger before the answer's end."""
        headers = Headers(scope=scope)
        has_body = "transfer-encoding" in headers or headers.get("content-length", "0") != "0"
        is_body_held_back = "expect" in headers

        async def send_and_linger(message: Message) -> None:
            if message["type"] == "http.response.start" and has_body:
                # The server would otherwise take what follows to its end, and throw it away.
                MutableHeaders(scope=message)["Connection"] = "close"
            is_end = message["type"] == "http.response.body" and not message.get("more_body", False)
            if not is_end or is_body_held_back:
                await send(message)
                return
            await send({**message, "more_body": True})
            await linger(receive)
            await send({"type": "http.response.body", "body": b"", "more_body": False})

        await self._app(scope, receive, send_and_linger)
