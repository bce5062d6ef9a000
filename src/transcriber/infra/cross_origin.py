"""Pages of other origins: none may read an answer, but those that the operator names."""

from collections.abc import Collection

from starlette.datastructures import Headers
from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
# What a page may send.  X-User-ID is not among them: no page is a legacy client.
REQUEST_HEADERS = (
    *("Authorization", "Content-Digest", "Content-Type", "Idempotency-Key", "If-None-Match"),
    *("If-Range", "Last-Event-ID", "Range", "Tus-Resumable", "Upload-Checksum", "Upload-Concat"),
    *("Upload-Length", "Upload-Metadata", "Upload-Offset", "X-HTTP-Method-Override"),
    "X-Request-ID",
)
# What a page's script may read of an answer beside its body.
ANSWER_HEADERS = (
    *("Accept-Ranges", "Content-Disposition", "Content-Range", "Deprecation", "ETag", "Link"),
    *("Location", "Retry-After", "Sunset", "Tus-Checksum-Algorithm", "Tus-Extension"),
    *("Tus-Max-Size", "Tus-Resumable", "Tus-Version", "Upload-Concat", "Upload-Expires"),
    *("Upload-Length", "Upload-Metadata", "Upload-Offset", "WWW-Authenticate", "X-Request-ID"),
)


class CrossOrigin:
    """Pure ASGI: requests of named origins go through the framework's CORS, all others past it.

    Past it, because that answers a refused preflight with headers of its own.  Cookies are never
    allowed: a page of another origin sends an API key, or no credential.

    Args:
        app: What answers.
        origins: The exact origins; none closes CORS altogether.
    """

    def __init__(self, app: ASGIApp, origins: Collection[str]) -> None:
        self._app = app
        self._origins = frozenset(origins)
        self._open = CORSMiddleware(
            app,
            allow_origins=list(origins),
            allow_methods=list(METHODS),
            allow_headers=list(REQUEST_HEADERS),
            allow_credentials=False,
            expose_headers=list(ANSWER_HEADERS),
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, by whichever way the origin has."""
        is_named = scope["type"] == "http" and Headers(scope=scope).get("origin") in self._origins
        await (self._open if is_named else self._app)(scope, receive, send)
