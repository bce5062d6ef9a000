"""The ways in: what a request showed becomes the caller it proves."""

from collections.abc import Callable

from fastapi import Request
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from transcriber.accounts.callers import Caller
from transcriber.accounts.keys.service import authenticate_key, touch_key
from transcriber.accounts.legacy.entrance import LegacyUses, enter_by_name, note_use
from transcriber.accounts.models import SessionKind
from transcriber.accounts.repository import AccountRepository
from transcriber.accounts.service import AccountService, SignedIn
from transcriber.accounts.sessions import check_same_origin, read_session_lifetime
from transcriber.infra.context import Context
from transcriber.infra.errors import UnauthenticatedError


def enter_with_cookie(request: Request, context: Context, cookie: str) -> Caller:
    """A browser's session.

    Raises:
        UnauthenticatedError: one that is not good.
        CrossSiteError: on an unsafe request that our own pages did not make.
    """
    signed_in = _find_session(context, cookie, "cookie")
    check_same_origin(request, context.settings)
    return _build_caller(context, signed_in)


def enter_with_token(context: Context, token: str) -> Caller:
    """A program's session.

    Raises:
        UnauthenticatedError: one that is not good.
    """
    return _build_caller(context, _find_session(context, token, "bearer"))


def enter_with_key(context: Context, secret: str) -> Caller:
    """An API key, which opens what its scopes say.

    Raises:
        UnauthenticatedError: one that is not good.
    """
    with context.database.snapshot() as session:
        key = authenticate_key(session, secret)
    if key.needs_touch:
        _record_use(context, lambda session: touch_key(session, key.secret_hash))
    return Caller(principal=key.principal, proof=key.secret_hash, scopes=key.scopes)


def enter_by_header(request: Request, context: Context, named: str) -> Caller:
    """The account that the legacy header names; the use is counted.

    Raises:
        UnauthenticatedError: when it names none.
        CrossSiteError: on an unsafe request that a page of another site made.
    """
    # A proxy that adds the header for whoever signed in at it does so for pages of others too.
    check_same_origin(request, context.settings, may_be_silent=True)
    with context.database.snapshot() as session:
        caller = enter_by_name(session, named)
    uses: LegacyUses = request.app.state.alias_counter
    note_use(request, uses, caller)
    return caller


def _find_session(context: Context, token: str, kind: SessionKind) -> SignedIn:
    with context.database.snapshot() as session:
        signed_in = _build_service(context, session).authenticate(token)
    if signed_in.kind != kind:
        # A stolen cookie must not become a token that escapes the check of its origin.
        raise UnauthenticatedError("Sign in: this session is of the other kind.")
    return signed_in


def _build_caller(context: Context, signed_in: SignedIn) -> Caller:
    token_hash = signed_in.token_hash
    if signed_in.needs_touch:
        _record_use(
            context, lambda session: _build_service(context, session).touch_session(token_hash)
        )
    return Caller(principal=signed_in.principal, proof=token_hash, session=signed_in)


def _build_service(context: Context, session: Session) -> AccountService:
    return AccountService(AccountRepository(session), read_session_lifetime(context.settings))


def _record_use(context: Context, record: Callable[[Session], None]) -> None:
    try:
        with context.database.unit_of_work() as uow:
            record(uow.session)
    except OperationalError:
        # The time of last use is worth no refusal: the next request records it.
        return
