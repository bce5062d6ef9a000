"""Signing in and out."""

from fastapi import APIRouter, Request, Response, status

from transcriber.accounts import creation
from transcriber.accounts.callers import SessionRequiredError
from transcriber.accounts.clients import read_client
from transcriber.accounts.creation import AccountWish
from transcriber.accounts.dependencies import (
    CurrentAccount,
    CurrentAdminSession,
    CurrentSession,
    build_account_service,
)
from transcriber.accounts.repository import AccountRepository
from transcriber.accounts.schemas import (
    AccountRequest,
    AccountResponse,
    CreatedAccountResponse,
    LoginRequest,
    LoginResponse,
    OwnAccountResponse,
    PasswordRequest,
)
from transcriber.accounts.service import BadCredentialsError, NameTakenError
from transcriber.accounts.sessions import (
    CrossSiteError,
    check_same_origin,
    delete_cookies,
    is_cookie_secure,
    read_cookie,
    read_session_lifetime,
    set_cookie,
)
from transcriber.accounts.sign_ins import service as sign_ins
from transcriber.accounts.sign_ins.service import Attempt, PasswordChange
from transcriber.infra.context import Context
from transcriber.infra.dependencies import CurrentContext, Work
from transcriber.infra.errors import (
    ConflictError,
    ForbiddenError,
    RateLimitedError,
    UnauthenticatedError,
)
from transcriber.infra.idempotency_header import GivenKey
from transcriber.infra.problems import declare_problems

router = APIRouter(tags=["accounts"])


@router.post(
    "/auth/login",
    responses=declare_problems(BadCredentialsError, CrossSiteError, RateLimitedError),
)
def login(
    body: LoginRequest, request: Request, response: Response, context: CurrentContext
) -> LoginResponse:
    """Sign in; a wrong name and a wrong password get the same answer in the same time."""
    check_same_origin(request, context.settings, may_be_silent=True)
    attempt = Attempt(
        name=body.name,
        password=body.password,
        kind=body.kind,
        client=read_client(request),
        replaced_token=read_cookie(request) if body.kind == "cookie" else None,
    )
    principal, session = sign_ins.sign_in(context, attempt)
    if body.kind == "cookie":
        _give_cookie(context, request, response, session.token)
    return LoginResponse(
        account=AccountResponse.model_validate(principal),
        kind=body.kind,
        token=session.token if body.kind == "bearer" else None,
        expires_at=session.expires_at,
    )


@router.post(
    "/auth/logout",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=declare_problems(UnauthenticatedError, SessionRequiredError, CrossSiteError),
)
def logout(
    signed_in: CurrentSession, context: CurrentContext, uow: Work, response: Response
) -> None:
    """End this sign-in; the cookie or token is worthless from now on."""
    build_account_service(context, AccountRepository(uow.session)).close_session(
        signed_in.token_hash
    )
    delete_cookies(response)


@router.get("/auth/me", responses=declare_problems(UnauthenticatedError))
def get_me(account: CurrentAccount, context: CurrentContext) -> OwnAccountResponse:
    """Who is signed in."""
    return OwnAccountResponse(
        user_id=account.user_id,
        name=account.name,
        role=account.role,
        is_traced=context.tracer.is_on,
    )


@router.post(
    "/auth/password",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=declare_problems(
        *(UnauthenticatedError, BadCredentialsError, SessionRequiredError),
        *(CrossSiteError, RateLimitedError),
    ),
)
def change_password(
    body: PasswordRequest,
    signed_in: CurrentSession,
    request: Request,
    response: Response,
    context: CurrentContext,
) -> None:
    """Change one's own password; every sign-in ends, and a browser gets another one at once."""
    change = PasswordChange(
        signed_in=signed_in,
        current=body.current_password,
        new=body.new_password,
        client=read_client(request),
    )
    session = sign_ins.change_password(context, change)
    if session is not None:
        _give_cookie(context, request, response, session.token)


@router.post(
    "/api/admin/accounts",
    status_code=status.HTTP_201_CREATED,
    responses=declare_problems(
        *(UnauthenticatedError, ForbiddenError, SessionRequiredError),
        *(CrossSiteError, NameTakenError, ConflictError),
    ),
)
def create_account(
    admin: CurrentAdminSession, body: AccountRequest, context: CurrentContext, key: GivenKey
) -> CreatedAccountResponse:
    """Add an account, with the given password or one that this answer shows."""
    wish = AccountWish(
        name=body.name,
        role=body.role,
        password=body.password,
        admin_id=admin.principal.user_id,
        idempotency_key=key,
    )
    created = creation.create_account(context, wish)
    return CreatedAccountResponse(
        user_id=created.principal.user_id,
        name=created.principal.name,
        role=created.principal.role,
        first_password=created.first_password,
    )


def _give_cookie(context: Context, request: Request, response: Response, token: str) -> None:
    set_cookie(
        response,
        token,
        is_secure=is_cookie_secure(context.settings, request),
        lifetime=read_session_lifetime(context.settings),
    )
