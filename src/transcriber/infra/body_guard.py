"""What no endpoint should ever see, refused while it still is bytes on the wire."""

import asyncio
import re
from collections.abc import Sequence
from urllib.parse import unquote_to_bytes

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from transcriber.infra.errors import (
    BadRequestError,
    InvalidError,
    NotFoundError,
    RequestTimeoutError,
    ServiceError,
    TooLargeError,
    UnsupportedError,
)
from transcriber.infra.problem_handlers import read_request_id
from transcriber.infra.problems import FieldProblem, render_problem
from transcriber.infra.strict_json import (
    MAX_INTEGER,
    WIDE_INTEGER,
    UnacceptableValueError,
    check_json,
)
from transcriber.infra.unread_body import linger

JSON_SECONDS = 30.0
_JSON = re.compile(r"application/(?:json|[a-z0-9.+-]+\+json)")
_CHARSET = re.compile(r'charset\s*=\s*"?([^";\s]+)', re.IGNORECASE)


class BodyGuard:
    """Pure ASGI: bounds and checks bodies, and refuses addresses no text can hold.

    Outside the streamed routes a body must be JSON of at most `max_json_bytes`, so that no
    endpoint buffers an upload.

    Args:
        app: What it guards.
        max_json_bytes: Limit of a buffered body.
        streamed_routes: Patterns of `METHOD /path` whose endpoints read their body themselves.
        wide_routes: Each a `METHOD /path` that answers to integers past 64 bits itself.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        max_json_bytes: int,
        streamed_routes: Sequence[re.Pattern[str]],
        wide_routes: Sequence[str] = (),
    ) -> None:
        self._app = app
        self._max_json_bytes = max_json_bytes
        self._streamed_routes = tuple(streamed_routes)
        self._wide_routes = frozenset(wide_routes)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Check, then pass on with the body read, or refuse."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        try:
            _check_target(scope)
            receive = await self._check_body(scope, receive)
        except UnacceptableValueError as error:
            await _refuse(error, scope, receive, send, error.fields)
        except ServiceError as error:
            await _refuse(error, scope, receive, send)
        else:
            await self._app(scope, receive, send)

    async def _check_body(self, scope: Scope, receive: Receive) -> Receive:
        headers = Headers(scope=scope)
        has_length, is_chunked = "content-length" in headers, "transfer-encoding" in headers
        if has_length and is_chunked:
            # RFC 9112, section 6.3: whoever stands between us may read another body than we do.
            raise BadRequestError(
                "The request has both Content-Length and Transfer-Encoding.",
                code="two_lengths",
                headers={"Connection": "close"},
            )
        if not has_length and not is_chunked:
            return receive
        if headers.get("content-encoding", "identity").lower() != "identity":
            raise UnsupportedError("Send the body without a content encoding.")
        content_type = headers.get("content-type", "").strip().lower()
        is_json = _JSON.fullmatch(content_type.partition(";")[0].strip()) is not None
        target = f"{scope['method']} {scope['path']}"
        if not is_json and any(route.fullmatch(target) for route in self._streamed_routes):
            return receive
        body = await self._read_bounded(headers, receive)
        if body and not is_json:
            raise UnsupportedError("Send the body as application/json.")
        if body:
            charset = _CHARSET.search(content_type)
            if charset and charset[1].lower() not in {"utf-8", "utf8"}:
                raise UnsupportedError("JSON is read as UTF-8 only.")
            check_json(body, max_integer=self._find_max_integer(target))
        return _replay(body, receive)

    async def _read_bounded(self, headers: Headers, receive: Receive) -> bytes:
        length = headers.get("content-length", "0")
        if length.isdecimal() and int(length[:20]) > self._max_json_bytes:
            raise self._too_large()
        body = bytearray()
        try:
            async with asyncio.timeout(JSON_SECONDS):
                while True:
                    message = await receive()
                    body += message.get("body", b"")
                    if len(body) > self._max_json_bytes:
                        raise self._too_large()
                    if not message.get("more_body", False):
                        return bytes(body)
        except TimeoutError:
            raise RequestTimeoutError(
                f"The body must be here within {JSON_SECONDS:g} seconds.",
                headers={"Connection": "close"},
            ) from None

    def _find_max_integer(self, target: str) -> int:
        return WIDE_INTEGER if target in self._wide_routes else MAX_INTEGER

    def _too_large(self) -> TooLargeError:
        return TooLargeError(
            f"A JSON body may have at most {self._max_json_bytes} bytes.",
            extra={"limit_bytes": self._max_json_bytes},
            headers={"Connection": "close"},
        )


def _check_target(scope: Scope) -> None:
    if not _is_text(scope.get("raw_path") or b""):
        raise NotFoundError("There is nothing at this address.")
    if not _is_text(scope["query_string"].replace(b"+", b" ")):
        raise InvalidError("The query holds a NUL character or bytes that are not UTF-8.")


def _is_text(quoted: bytes) -> bool:
    plain = unquote_to_bytes(quoted)
    if b"\0" in plain:
        return False
    try:
        plain.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _replay(body: bytes, receive: Receive) -> Receive:
    is_sent = False

    async def replay() -> Message:
        nonlocal is_sent
        if is_sent:
            return await receive()
        is_sent = True
        return {"type": "http.request", "body": body, "more_body": False}

    return replay


async def _refuse(
    error: ServiceError,
    scope: Scope,
    receive: Receive,
    send: Send,
    fields: Sequence[FieldProblem] = (),
) -> None:
    response = render_problem(error, read_request_id(scope), fields)
    start: Message = {
        "type": "http.response.start",
        "status": response.status_code,
        "headers": response.raw_headers,
    }
    await send(start)
    await send({"type": "http.response.body", "body": response.body, "more_body": True})
    if isinstance(error, TooLargeError):
        await linger(receive)
    await send({"type": "http.response.body", "body": b"", "more_body": False})
