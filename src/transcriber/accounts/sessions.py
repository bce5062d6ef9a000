"""How a session travels: its cookie, its bearer token, and which requests may use the cookie."""

from datetime import timedelta
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response

from transcriber.infra.errors import ForbiddenError
from transcriber.infra.settings import Settings

COOKIE_NAME = "transcriber_session"
SECURE_COOKIE_NAME = f"__Host-{COOKIE_NAME}"
SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}


class CrossSiteError(ForbiddenError):
    """A page of another site tried to use the visitor's cookie, or the request does not say."""

    code = "cross_site"
    title = "This request did not come from our own pages."


def read_session_lifetime(settings: Settings) -> timedelta:
    """How long a sign-in lasts."""
    return timedelta(hours=settings.session_hours)


def is_cookie_secure(settings: Settings, request: Request) -> bool:
    """Whether the cookie may only travel encrypted: as set, or as this request did."""
    if settings.cookie_secure is not None:
        return settings.cookie_secure
    if settings.public_url is not None:
        return settings.public_url.startswith("https://")
    return request.url.scheme == "https"


def read_cookie(request: Request) -> str | None:
    """The session token of a browser."""
    return request.cookies.get(SECURE_COOKIE_NAME) or request.cookies.get(COOKIE_NAME)


def set_cookie(response: Response, token: str, *, is_secure: bool, lifetime: timedelta) -> None:
    """Give the browser its token, out of reach of scripts and of other sites' forms."""
    response.set_cookie(
        SECURE_COOKIE_NAME if is_secure else COOKIE_NAME,
        token,
        max_age=int(lifetime.total_seconds()),
        path="/",
        secure=is_secure,
        httponly=True,
        samesite="lax",
    )


def delete_cookies(response: Response) -> None:
    """Have the browser forget its token."""
    response.delete_cookie(COOKIE_NAME, path="/", httponly=True, samesite="lax")
    response.delete_cookie(SECURE_COOKIE_NAME, path="/", secure=True, httponly=True, samesite="lax")


def check_same_origin(request: Request, settings: Settings, *, may_be_silent: bool = False) -> None:
    """Refuse an unsafe request that a page of another site may have caused.

    Browsers name the relation themselves in `Sec-Fetch-Site`, or at least the page's `Origin`;
    neither can be set by a page's script.

    Args:
        request: The request.
        settings: Hold the public address, where a proxy hides it.
        may_be_silent: Accept a request with neither header, as programs send them.

    Raises:
        CrossSiteError: another site, or no header at all.
    """
    if request.method in SAFE_METHODS:
        return
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        if site not in {"same-origin", "none"}:
            raise CrossSiteError("The request was made by a page of another site.")
        return
    origin = request.headers.get("origin")
    if origin is None:
        if may_be_silent:
            return
        raise CrossSiteError("A request with a cookie needs an Origin header; or use a token.")
    if origin != _read_own_origin(request, settings):
        raise CrossSiteError("The request was made by a page of another site.")


def _read_own_origin(request: Request, settings: Settings) -> str:
    if settings.public_url is not None:
        public = urlsplit(settings.public_url)
        return f"{public.scheme}://{public.netloc}"
    return f"{request.url.scheme}://{request.headers.get('host', '')}"
