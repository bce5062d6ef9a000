"""Making an API key: once for each idempotency key, with a secret that is shown once."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy.orm import Session

from transcriber.accounts.keys import repository
from transcriber.accounts.keys.models import KEY_SCOPES, ApiKey, KeyScope
from transcriber.accounts.keys.secret import create_secret
from transcriber.accounts.keys.service import record_key_act, require_key
from transcriber.accounts.names import normalise_name
from transcriber.accounts.repository import AccountRepository
from transcriber.accounts.service import Principal
from transcriber.infra.clock import read_database_time
from transcriber.infra.errors import ConflictError, ForbiddenError, InvalidError
from transcriber.infra.idempotency import KeyedRequest, create_once, hash_content
from transcriber.infra.security import hash_token
from transcriber.infra.settings import Settings

ROUTE = "POST /auth/keys"
USUAL_DAYS = 90
"""Long enough to be no burden; whoever forgets a key somewhere has it stop within a season."""


class TooManyKeysError(ConflictError):
    """The account has as many live keys as it may have."""

    code = "too_many_keys"
    title = "The account has as many keys as it may have."


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyWish:
    """A key as its owner asks for it; without days it lasts as long as is usual."""

    name: str
    scopes: Collection[KeyScope]
    days: int | None
    idempotency_key: str | None


@dataclass(frozen=True, slots=True)
class CreatedKey:
    """The key, and its secret where this answer is the one to show it."""

    key: ApiKey
    secret: str | None


def create_key(session: Session, settings: Settings, owner: Principal, wish: KeyWish) -> CreatedKey:
    """Make a key, or answer a repeated request again.

    The secret may have been lost with its answer.  As long as the key was never used, a repetition
    gives it a fresh one, and the old one is worthless.

    Raises:
        ForbiddenError: when somebody else than an administrator asks for the scope `admin`.
        InvalidError: `bad_name` or `key_lasts_too_long`.
        TooManyKeysError: when there are as many as the account may have.
        ConflictError: `idempotency_conflict`.
    """
    if "admin" in wish.scopes and not owner.is_admin:
        raise ForbiddenError("Only an administrator's key may have the scope admin.")
    days = _choose_days(wish.days, settings.api_key_max_days)
    name, scopes = normalise_name(wish.name), _write_scopes(wish.scopes)
    request = KeyedRequest(
        user_id=owner.user_id,
        route=ROUTE,
        key=wish.idempotency_key,
        request_hash=hash_content(name, scopes, days),
    )
    # Two requests at once would both find room for one more.
    AccountRepository(session).find_locked(owner.user_id)
    secrets: dict[str, str] = {}

    def insert(key_id: str) -> None:
        secrets[key_id] = create_secret(key_id)
        now = read_database_time(session)
        _refuse_one_more(session, settings.max_api_keys_per_account, owner.user_id)
        key = ApiKey(
            id=key_id,
            user_id=owner.user_id,
            name=name,
            secret_hash=hash_token(secrets[key_id]),
            scopes=scopes,
            created_at=now,
            expires_at=now + timedelta(days=days),
        )
        session.add(key)
        session.flush()
        record_key_act(session, "key.create", key, actor=f"account:{owner.user_id}")

    repository.forget_ended_keys(session, read_database_time(session))
    key_id = create_once(session, request, insert).resource_id
    key = require_key(session, owner.user_id, key_id)
    if key_id not in secrets and key.last_used_at is None:
        secrets[key_id] = create_secret(key_id)
        key.secret_hash = hash_token(secrets[key_id])
    return CreatedKey(key, secrets.get(key_id))


def _choose_days(wished: int | None, limit: int) -> int:
    if wished is None:
        return min(USUAL_DAYS, limit)
    if wished > limit:
        raise InvalidError(
            f"A key lasts at most {limit} days here.",
            code="key_lasts_too_long",
            extra={"field": "expires_in_days", "limit": limit},
        )
    return wished


def _refuse_one_more(session: Session, limit: int, user_id: str) -> None:
    if repository.count_live_keys(session, user_id, read_database_time(session)) >= limit:
        raise TooManyKeysError(
            f"An account may have at most {limit} keys; revoke one first.", extra={"limit": limit}
        )


def _write_scopes(scopes: Collection[KeyScope]) -> str:
    return " ".join(scope for scope in KEY_SCOPES if scope in scopes)
