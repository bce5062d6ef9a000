"""What holds for every request of tus: its version, the stand-in for methods, and its headers."""

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from transcriber.infra.problem_handlers import read_request_id
from transcriber.infra.problems import render_problem
from transcriber.uploads.tus.errors import VersionError
from transcriber.uploads.tus.headers import PATH, VERSION

OVERRIDES = frozenset({"PATCH", "DELETE", "HEAD"})
"""Methods that a POST may stand in for, where a network lets no others pass."""


class TusProtocol:
    """Pure ASGI around the application; requests for other addresses pass untouched.

    Args:
        app: What it surrounds.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Read the version and the method, and say the version in the answer."""
        if scope["type"] != "http" or not _is_tus(scope["path"]):
            await self._app(scope, receive, send)
            return

        async def send_version(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)["Tus-Resumable"] = VERSION
            await send(message)

        headers = Headers(scope=scope)
        stand_in = headers.get("x-http-method-override", "").upper()
        if scope["method"] == "POST" and stand_in in OVERRIDES:
            scope = {**scope, "method": stand_in}
        if scope["method"] != "OPTIONS" and headers.get("tus-resumable") != VERSION:
            refusal = VersionError(
                f"Send `Tus-Resumable: {VERSION}`.", headers={"Tus-Version": VERSION}
            )
            answer = render_problem(refusal, read_request_id(scope))
            await answer(scope, receive, send_version)
            return
        await self._app(scope, receive, send_version)


def _is_tus(path: str) -> bool:
    return path == PATH or path.startswith(f"{PATH}/")
