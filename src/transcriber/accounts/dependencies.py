"""Who asks, and the services of this slice."""

from typing import Annotated

from fastapi import Depends, Request, Security
from fastapi.security import APIKeyCookie, HTTPAuthorizationCredentials, HTTPBearer
from sqlalchemy.exc import OperationalError

from transcriber.accounts.repository import AccountRepository
from transcriber.accounts.service import AccountService, Principal, SignedIn
from transcriber.accounts.sessions import (
    COOKIE_NAME,
    check_same_origin,
    read_cookie,
    read_session_lifetime,
)
from transcriber.infra.context import Context
from transcriber.infra.dependencies import CurrentContext
from transcriber.infra.errors import ForbiddenError, UnauthenticatedError

# Declared for the OpenAPI document; the cookie's other name (`__Host-…`) is read as well.
_bearer = HTTPBearer(auto_error=False, description="A token from `POST /auth/login`.")
_cookie = APIKeyCookie(name=COOKIE_NAME, auto_error=False, description="A browser's session.")


def get_signed_in(
    request: Request,
    context: CurrentContext,
    bearer: Annotated[HTTPAuthorizationCredentials | None, Security(_bearer)],
    _declared: Annotated[str | None, Security(_cookie)],
) -> SignedIn:
    """The caller's session.

    Raises:
        UnauthenticatedError: none, or one that is not good.
        CrossSiteError: a cookie on an unsafe request that our own pages did not make.
    """
    cookie = read_cookie(request)
    token = bearer.credentials if bearer else cookie
    if token is None:
        raise UnauthenticatedError(
            "Sign in: send a session cookie or a bearer token.",
            headers={"WWW-Authenticate": "Bearer"},
        )
    with context.database.snapshot() as session:
        signed_in = build_account_service(context, AccountRepository(session)).authenticate(token)
    if signed_in.kind != ("bearer" if bearer else "cookie"):
        # A stolen cookie must not become a token that escapes the check below.
        raise UnauthenticatedError("Sign in: this session is of the other kind.")
    if not bearer:
        check_same_origin(request, context.settings)
    if signed_in.needs_touch:
        _record_use(context, signed_in)
    return signed_in


CurrentSession = Annotated[SignedIn, Depends(get_signed_in)]


def get_current_account(signed_in: CurrentSession) -> Principal:
    """Who asks."""
    return signed_in.principal


CurrentAccount = Annotated[Principal, Depends(get_current_account)]


def get_current_admin(account: CurrentAccount) -> Principal:
    """Who asks, if it is an administrator.

    Raises:
        ForbiddenError: for everyone else.
    """
    if not account.is_admin:
        raise ForbiddenError("Only an administrator may do this.")
    return account


CurrentAdmin = Annotated[Principal, Depends(get_current_admin)]


def get_admin_session(signed_in: CurrentSession) -> SignedIn:
    """An administrator's sign-in, for what changes how others prove who they are.

    Raises:
        ForbiddenError: for everyone else.
    """
    get_current_admin(signed_in.principal)
    return signed_in


CurrentAdminSession = Annotated[SignedIn, Depends(get_admin_session)]


def build_account_service(context: Context, repository: AccountRepository) -> AccountService:
    """The rules over these rows."""
    return AccountService(repository, read_session_lifetime(context.settings))


def _record_use(context: Context, signed_in: SignedIn) -> None:
    try:
        with context.database.unit_of_work() as uow:
            service = build_account_service(context, AccountRepository(uow.session))
            service.touch_session(signed_in.token_hash)
    except OperationalError:
        # The time of last use is worth no refusal: the next request records it.
        return
