"""All SQL of API keys."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, delete, func, select, update
from sqlalchemy.orm import Session

from transcriber.accounts.keys.models import ApiKey
from transcriber.accounts.models import Account, Role
from transcriber.infra.ownership import for_everybody

# As long as ended sessions: somebody may ask why a program stopped working.
KEEP_ENDED_KEYS_FOR = timedelta(days=30)


def find_good_key(
    session: Session, secret_hash: str, now: datetime
) -> tuple[ApiKey, Account] | None:
    """The good key with this hash and its active account."""
    row = session.execute(
        select(ApiKey, Account)
        .join(Account, Account.id == ApiKey.user_id)
        .where(ApiKey.secret_hash == secret_hash, _is_good(now))
    ).one_or_none()
    return None if row is None else (row[0], row[1])


def list_roles(session: Session, secret_hashes: Collection[str], now: datetime) -> dict[str, Role]:
    """By the hashes of those keys that are good, the role of their account."""
    rows = session.execute(
        select(ApiKey.secret_hash, Account.role)
        .join(Account, Account.id == ApiKey.user_id)
        .where(ApiKey.secret_hash.in_(secret_hashes), _is_good(now))
    )
    return {secret_hash: "admin" if role == "admin" else "user" for secret_hash, role in rows}


def list_keys(session: Session, user_id: str) -> Sequence[ApiKey]:
    """The account's keys that nobody revoked, newest first; expired ones stay for a while."""
    query = select(ApiKey).where(ApiKey.user_id == user_id, ApiKey.revoked_at.is_(None))
    return session.scalars(query.order_by(ApiKey.created_at.desc(), ApiKey.id.desc())).all()


def find_key(session: Session, user_id: str, key_id: str, *, lock: bool = False) -> ApiKey | None:
    """The account's key that nobody revoked."""
    query = select(ApiKey).where(
        ApiKey.id == key_id, ApiKey.user_id == user_id, ApiKey.revoked_at.is_(None)
    )
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    return session.scalar(query)


def count_live_keys(session: Session, user_id: str, now: datetime) -> int:
    """How many keys of the account are neither revoked nor expired."""
    query = select(func.count()).where(
        ApiKey.user_id == user_id, ApiKey.revoked_at.is_(None), ApiKey.expires_at > now
    )
    return session.scalar(query) or 0


def touch_key(session: Session, secret_hash: str, now: datetime) -> None:
    """Record that the key with this hash was used."""
    is_it = ApiKey.secret_hash == secret_hash
    session.execute(update(ApiKey).where(is_it).values(last_used_at=now))


@for_everybody
def forget_ended_keys(session: Session, now: datetime) -> None:
    """Delete keys that ended long ago."""
    ended = now - KEEP_ENDED_KEYS_FOR
    session.execute(delete(ApiKey).where((ApiKey.expires_at < ended) | (ApiKey.revoked_at < ended)))


def _is_good(now: datetime) -> ColumnElement[bool]:
    return and_(ApiKey.revoked_at.is_(None), ApiKey.expires_at > now, Account.is_active)
