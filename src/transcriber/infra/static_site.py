"""The built web application: its files, and its one page for every address that is not an API's.

The build stores what is worth it a second and a third time, compressed; nothing is compressed here.
"""

import hashlib
from collections.abc import Collection
from functools import lru_cache
from mimetypes import guess_type
from pathlib import Path

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.responses import FileResponse, Response
from starlette.staticfiles import NotModifiedResponse
from starlette.types import Receive, Scope, Send

from transcriber.infra.content_coding import choose_coding
from transcriber.infra.errors import NotFoundError

# Built files carry their content's hash in the name.
_FOREVER = "public, max-age=31536000, immutable"
# How the build names a file's compressed copies, the smallest first.
_SUFFIXES = {"br": ".br", "gzip": ".gz"}


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
        response = _build_response(file, cache, Headers(scope=scope))
        await response({**scope, "headers": headers}, receive, send)

    def _find(self, path: str) -> Path | None:
        try:
            candidate = (self._directory / path.lstrip("/")).resolve()
            is_ours = candidate.is_relative_to(self._directory) and candidate.is_file()
        except OSError:
            # A name the file system cannot hold, such as one that is too long, names no file.
            return None
        # A compressed copy is another form of its file, and has no address.
        is_copy = candidate.suffix in _SUFFIXES.values()
        return candidate if is_ours and not is_copy else None

    def _is_navigation(self, scope: Scope, path: str) -> bool:
        root = path.lstrip("/").partition("/")[0]
        accept = Headers(scope=scope).get("accept", "")
        return root not in self._api_roots and "text/html" in accept


def _build_response(file: Path, cache: str, asked: Headers) -> Response:
    copies = {coding: file.with_name(file.name + suffix) for coding, suffix in _SUFFIXES.items()}
    available = [coding for coding, copy in copies.items() if copy.is_file()]
    coding = choose_coding(",".join(asked.getlist("accept-encoding")), available)
    sent = copies[coding] if coding else file
    stat = sent.stat()
    headers = {
        "Accept-Ranges": "none",
        "Cache-Control": cache,
        "ETag": _compute_tag(sent, stat.st_mtime_ns, stat.st_size),
        "Vary": "Accept-Encoding",
    }
    if coding:
        headers["Content-Encoding"] = coding
    media_type = guess_type(file.name)[0]
    response = FileResponse(sent, headers=headers, media_type=media_type, stat_result=stat)
    known = (tag.strip().removeprefix("W/") for tag in asked.get("if-none-match", "").split(","))
    return NotModifiedResponse(response.headers) if headers["ETag"] in known else response


@lru_cache(maxsize=1_000)
def _compute_tag(file: Path, _mtime_ns: int, _size: int) -> str:
    # Of the content: two builds of a page may well have one size, and an installer may give all
    # that it writes one time.
    return f'"{hashlib.sha256(file.read_bytes()).hexdigest()[:32]}"'
