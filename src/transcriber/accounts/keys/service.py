"""Rules of API keys: what they open, and how they end."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from transcriber.accounts.keys import repository
from transcriber.accounts.keys.models import ApiKey, KeyScope
from transcriber.accounts.repository import AccountRepository
from transcriber.accounts.service import TOUCH_EVERY, Principal, build_principal
from transcriber.infra.audit import record_act
from transcriber.infra.clock import read_database_time
from transcriber.infra.errors import (
    NotFoundError,
    UnauthenticatedError,
)
from transcriber.infra.idempotency import forget_keys_of
from transcriber.infra.security import hash_token


@dataclass(frozen=True, slots=True)
class GoodKey:
    """A key that opens, and its account; `needs_touch` when its last use should be recorded."""

    principal: Principal
    secret_hash: str
    scopes: frozenset[KeyScope]
    needs_touch: bool


def authenticate_key(session: Session, secret: str) -> GoodKey:
    """Who holds this key, and what it opens.

    Raises:
        UnauthenticatedError: unknown, expired or revoked key, or a locked account.
    """
    now = read_database_time(session)
    found = repository.find_good_key(session, hash_token(secret), now)
    if found is None:
        raise UnauthenticatedError(
            "The API key is unknown, or has expired, or was revoked.",
            headers={"WWW-Authenticate": 'Bearer error="invalid_token"'},
        )
    key, account = found
    return GoodKey(
        principal=build_principal(account),
        secret_hash=key.secret_hash,
        scopes=frozenset(key.list_scopes()),
        needs_touch=key.last_used_at is None or now - key.last_used_at > TOUCH_EVERY,
    )


def touch_key(session: Session, secret_hash: str) -> None:
    """Record a key's use."""
    repository.touch_key(session, secret_hash, read_database_time(session))


def revoke_key(session: Session, user_id: str, key_id: str, *, actor: str) -> None:
    """End a key of the account at once.

    Raises:
        NotFoundError: when there is none, or it is somebody else's, or was revoked before.
    """
    key = require_key(session, user_id, key_id)
    key.revoked_at = read_database_time(session)
    # The request that made it would otherwise be answered with a key that opens nothing.
    forget_keys_of(session, key_id)
    record_key_act(session, "key.revoke", key, actor=actor)


def require_owner(session: Session, user_id: str) -> None:
    """Make sure that an account exists whose keys an administrator asks for.

    Raises:
        NotFoundError: when there is no such account.
    """
    if AccountRepository(session).find(user_id) is None:
        raise NotFoundError("There is no such account.", code="account_not_found")


def require_key(session: Session, user_id: str, key_id: str) -> ApiKey:
    """The account's key that nobody revoked, under its row lock.

    Raises:
        NotFoundError: when there is none, or it is somebody else's.
    """
    key = repository.find_key(session, user_id, key_id, lock=True)
    if key is None:
        raise NotFoundError("There is no such key.", code="key_not_found")
    return key


def record_key_act(session: Session, action: str, key: ApiKey, *, actor: str) -> None:
    """Write what was done to the key into the audit trail."""
    record_act(
        session,
        actor=actor,
        action=action,
        object_id=key.id,
        user_id=key.user_id,
        detail=key.scopes,
    )
