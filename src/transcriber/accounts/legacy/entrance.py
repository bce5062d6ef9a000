"""Callers who say who they are by `X-User-ID` alone, as far as the gate let them through."""

from typing import Protocol

import structlog
from sqlalchemy.orm import Session
from starlette.requests import Request

from transcriber.accounts.callers import Caller
from transcriber.accounts.keys.models import KeyScope
from transcriber.accounts.legacy.gate import HEADER
from transcriber.accounts.legacy.repository import PROOF_PREFIX, find_account
from transcriber.accounts.models import MAX_NAME_LENGTH
from transcriber.accounts.service import build_principal
from transcriber.infra.errors import UnauthenticatedError

SCOPES: frozenset[KeyScope] = frozenset({"read", "write"})
"""One's own things, and never the operator's or anybody's credentials: nothing was proved."""

_log = structlog.stdlib.get_logger(__name__)


class LegacyUses(Protocol):
    """Where uses of the header are counted."""

    def count_legacy_header(self, user_agent: str | None, user_id: str) -> str:
        """Count one use and tell the client's name; touches nothing but memory."""
        ...


def read_named(request: Request) -> str | None:
    """Whom the header names, if the gate left one and nothing else says who asks.

    Raises:
        UnauthenticatedError: more than one such header, or one that can be no account.
    """
    values = request.headers.getlist(HEADER)
    if not values or "authorization" in request.headers:
        return None
    if len(values) > 1:
        raise UnauthenticatedError(f"{HEADER} was sent more than once.")
    try:
        # Headers reach us as Latin-1, whatever the client meant.
        named = values[0].encode("latin-1").decode().strip()
    except UnicodeError:
        named = ""
    if not named or len(named) > MAX_NAME_LENGTH or not named.isprintable():
        raise UnauthenticatedError(f"{HEADER} names no account.")
    return named


def enter_by_name(session: Session, named: str) -> Caller:
    """The account that the header names.

    Raises:
        UnauthenticatedError: when there is none, or it is locked.
    """
    account = find_account(session, named)
    if account is None:
        raise UnauthenticatedError(f"{HEADER} names no account.")
    return Caller(
        principal=build_principal(account), proof=f"{PROOF_PREFIX}{account.id}", scopes=SCOPES
    )


def note_use(request: Request, uses: LegacyUses, caller: Caller) -> None:
    """Tell the operator that somebody still needs the header, in the log and in the figures."""
    user_id = caller.principal.user_id
    client = uses.count_legacy_header(request.headers.get("user-agent"), user_id)
    _log.info("legacy_header_used", client=client, user_id=user_id)
