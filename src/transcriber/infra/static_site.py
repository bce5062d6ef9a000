"""The built web application: its files, and its one page for every address that is not an API's."""

from collections.abc import Collection
from pathlib import Path

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.responses import FileResponse
from starlette.types import Receive, Scope, Send

from transcriber.infra.errors import NotFoundError

# Built files carry their content's hash in the name.
_FOREVER = "public, max-age=31536000, immutable"


class WebNotBuiltError(NotFoundError):
    """The package was installed without its web application."""

    code = "web_not_built"
    title = "The web application is not built."


class StaticSite:
    """ASGI application for what no route answers.

    Args:
        directory: Holds `index.html` and `assets/`; may be missing.
        api_roots: First path segments that belong to the API, where unknown addresses are 404.
    """

    def __init__(self, directory: Path, api_roots: Collection[str]) -> None:
        self._directory = directory.resolve()
        self._api_roots = frozenset(api_roots)

    @property
    def is_built(self) -> bool:
        """Whether there is a page to show."""
        return (self._directory / "index.html").is_file()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer with a file, with the page, or with a problem."""
        if scope["type"] != "http" or scope["method"] not in {"GET", "HEAD"}:
            raise HTTPException(404)
        path: str = scope["path"]
        file = self._find(path)
        if file is not None:
            cache = _FOREVER if path.startswith("/assets/") else "no-cache"
        elif self._is_navigation(scope, path):
            if not self.is_built:
                raise WebNotBuiltError(
                    "The web application is not built; run `make web`, or use the API."
                )
            file, cache = self._directory / "index.html", "no-cache"
        else:
            raise HTTPException(404)
        # Assets are small: an honoured Range header would only be a way to ask for many copies.
        headers = [(name, value) for name, value in scope["headers"] if name != b"range"]
        response = FileResponse(file, headers={"Cache-Control": cache})
        await response({**scope, "headers": headers}, receive, send)

    def _find(self, path: str) -> Path | None:
        try:
            candidate = (self._directory / path.lstrip("/")).resolve()
            is_ours = candidate.is_relative_to(self._directory) and candidate.is_file()
        except OSError:
            # A name the file system cannot hold, such as one that is too long, names no file.
            return None
        return candidate if is_ours else None

    def _is_navigation(self, scope: Scope, path: str) -> bool:
        root = path.lstrip("/").partition("/")[0]
        accept = Headers(scope=scope).get("accept", "")
        return root not in self._api_roots and "text/html" in accept
