"""Signing in and out."""

from fastapi import APIRouter, Request, Response, status

from transcriber.accounts import creation
from transcriber.accounts.creation import AccountWish
from transcriber.accounts.dependencies import (
    CurrentAccount,
    CurrentAdminSession,
    CurrentSession,
    CurrentThrottle,
    build_account_service,
)
from transcriber.accounts.repository import AccountRepository
from transcriber.accounts.schemas import (
    AccountRequest,
    AccountResponse,
    CreatedAccountResponse,
    LoginRequest,
    LoginResponse,
    PasswordRequest,
)
from transcriber.accounts.service import (
    BadCredentialsError,
    NameTakenError,
    Principal,
    build_principal,
)
from transcriber.accounts.sessions import (
    CrossSiteError,
    check_same_origin,
    delete_cookies,
    is_cookie_secure,
    read_session_lifetime,
    set_cookie,
)
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
from transcriber.infra.security import check_password, hash_password

router = APIRouter(tags=["accounts"])


@router.post(
    "/auth/login",
    responses=declare_problems(BadCredentialsError, CrossSiteError, RateLimitedError),
)
def login(
    body: LoginRequest,
    request: Request,
    response: Response,
    context: CurrentContext,
    throttle: CurrentThrottle,
) -> LoginResponse:
    """Sign in; a wrong name and a wrong password get the same answer in the same time."""
    check_same_origin(request, context.settings, may_be_silent=True)
    address = request.client.host if request.client else "unknown"
    throttle.check(address, body.name)
    principal = _check_credentials(context, body.name, body.password)
    if principal is None:
        throttle.record_failure(address, body.name)
        raise BadCredentialsError("The name or the password is wrong.")
    # Hashing took its time outside of any transaction; this one is short.
    with context.database.unit_of_work() as uow:
        service = build_account_service(context, AccountRepository(uow.session))
        session = service.open_session(principal.user_id, body.kind)
    if body.kind == "cookie":
        set_cookie(
            response,
            session.token,
            is_secure=is_cookie_secure(context.settings, request),
            lifetime=read_session_lifetime(context.settings),
        )
    return LoginResponse(
        account=AccountResponse.model_validate(principal),
        kind=body.kind,
        token=session.token if body.kind == "bearer" else None,
        expires_at=session.expires_at,
    )


@router.post(
    "/auth/logout",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=declare_problems(UnauthenticatedError, CrossSiteError),
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
def get_me(account: CurrentAccount) -> AccountResponse:
    """Who is signed in."""
    return AccountResponse.model_validate(account)


@router.post(
    "/auth/password",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=declare_problems(UnauthenticatedError, BadCredentialsError, CrossSiteError),
)
def change_password(
    body: PasswordRequest, signed_in: CurrentSession, context: CurrentContext
) -> None:
    """Change one's own password; every other sign-in of the account ends."""
    name = signed_in.principal.name
    if _check_credentials(context, name, body.current_password) is None:
        raise BadCredentialsError("The current password is wrong.")
    password_hash = hash_password(body.new_password)
    with context.database.unit_of_work() as uow:
        build_account_service(context, AccountRepository(uow.session)).set_password(
            signed_in.principal.user_id, password_hash, keep_hash=signed_in.token_hash
        )


@router.post(
    "/api/admin/accounts",
    status_code=status.HTTP_201_CREATED,
    responses=declare_problems(
        UnauthenticatedError, ForbiddenError, CrossSiteError, NameTakenError, ConflictError
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
        admin_id=admin.user_id,
        idempotency_key=key,
    )
    created = creation.create_account(context, wish)
    return CreatedAccountResponse(
        user_id=created.principal.user_id,
        name=created.principal.name,
        role=created.principal.role,
        first_password=created.first_password,
    )


def _check_credentials(context: Context, name: str, password: str) -> Principal | None:
    with context.database.snapshot() as session:
        account = build_account_service(context, AccountRepository(session)).find_credentials(name)
    is_right = check_password(password, account.password_hash if account else None)
    return build_principal(account) if account is not None and is_right else None
