"""Who asks, what they may, and the services of this slice.

The one place that says what a key opens: a route asks for an account, an administrator or a
session, and what it asks for and the request's method make the scope it needs.
"""

from typing import Annotated

from fastapi import Depends, Request, Security
from fastapi.security import APIKeyCookie, HTTPAuthorizationCredentials, HTTPBearer

from transcriber.accounts.callers import Caller
from transcriber.accounts.entrances import (
    enter_by_header,
    enter_with_cookie,
    enter_with_key,
    enter_with_token,
)
from transcriber.accounts.keys.secret import is_key
from transcriber.accounts.legacy.entrance import read_named
from transcriber.accounts.repository import AccountRepository
from transcriber.accounts.service import AccountService, Principal, SignedIn
from transcriber.accounts.sessions import (
    COOKIE_NAME,
    SAFE_METHODS,
    read_cookie,
    read_session_lifetime,
)
from transcriber.infra.context import Context
from transcriber.infra.dependencies import CurrentContext
from transcriber.infra.errors import ForbiddenError, UnauthenticatedError

# Declared for the OpenAPI document; the cookie's other name (`__Host-…`) is read as well.
_bearer = HTTPBearer(
    auto_error=False, description="A token from `POST /auth/login`, or an API key."
)
_cookie = APIKeyCookie(name=COOKIE_NAME, auto_error=False, description="A browser's session.")


def authenticate(
    request: Request,
    context: CurrentContext,
    bearer: Annotated[HTTPAuthorizationCredentials | None, Security(_bearer)],
    _declared: Annotated[str | None, Security(_cookie)],
) -> Caller:
    """Who sent the request, by whatever proof; what it opens is not looked at yet.

    Raises:
        UnauthenticatedError: no proof, or one that is not good.
        CrossSiteError: a cookie on an unsafe request that our own pages did not make.
    """
    cookie = read_cookie(request)
    if bearer is not None:
        enter = enter_with_key if is_key(bearer.credentials) else enter_with_token
        return enter(context, bearer.credentials)
    if cookie is not None:
        return enter_with_cookie(request, context, cookie)
    named = read_named(request)
    if named is not None:
        return enter_by_header(request, context, named)
    raise UnauthenticatedError(
        "Sign in: send a session cookie or a bearer token.",
        headers={"WWW-Authenticate": "Bearer"},
    )


Authenticated = Annotated[Caller, Depends(authenticate)]


def get_caller(request: Request, caller: Authenticated) -> Caller:
    """Who asks, by a proof that opens reading or changing, whichever the method is.

    Raises:
        InsufficientScopeError: a key that was not made for it.
    """
    caller.require_scope("read" if request.method in SAFE_METHODS else "write")
    return caller


CurrentCaller = Annotated[Caller, Depends(get_caller)]


def get_current_account(caller: CurrentCaller) -> Principal:
    """Who asks."""
    return caller.principal


CurrentAccount = Annotated[Principal, Depends(get_current_account)]


def get_current_admin(caller: CurrentCaller) -> Principal:
    """Who asks, if it is an administrator.

    Raises:
        ForbiddenError: for everyone else.
        InsufficientScopeError: for an administrator's key without the scope.
    """
    _require_admin(caller.principal)
    caller.require_scope("admin")
    return caller.principal


CurrentAdmin = Annotated[Principal, Depends(get_current_admin)]


def get_signed_in(caller: Authenticated) -> SignedIn:
    """The caller's session: for whatever makes, shows or ends credentials.

    Raises:
        SessionRequiredError: for keys and for the legacy header.
    """
    return caller.require_session()


CurrentSession = Annotated[SignedIn, Depends(get_signed_in)]


def get_admin_session(signed_in: CurrentSession) -> SignedIn:
    """An administrator's sign-in, for what changes how others prove who they are.

    Raises:
        ForbiddenError: for everyone else.
    """
    _require_admin(signed_in.principal)
    return signed_in


CurrentAdminSession = Annotated[SignedIn, Depends(get_admin_session)]


def build_account_service(context: Context, repository: AccountRepository) -> AccountService:
    """The rules over these rows."""
    return AccountService(repository, read_session_lifetime(context.settings))


def _require_admin(account: Principal) -> None:
    if not account.is_admin:
        raise ForbiddenError("Only an administrator may do this.")
