"""Creating once, however often the request is sent: one row for each `Idempotency-Key` used."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import CursorResult, String, delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, mapped_column

from transcriber.infra.clock import read_database_time
from transcriber.infra.database import Base, UtcDateTime
from transcriber.infra.errors import ConflictError
from transcriber.infra.identifiers import create_id
from transcriber.infra.ownership import for_everybody

KEEP_FOR = timedelta(days=7)
"""Longer than any client tries again; a key that is older may be used anew."""


class IdempotencyKey(Base):
    """What one request with a key created.

    Attributes:
        user_id: Who sent it; other accounts' keys are others, even when they are spelt the same.
        route: Method and path template: one key may be used once on each.
        key: As the client chose it.
        request_hash: SHA-256 of what makes two requests the same.
        resource_id: What was created; the row goes when that is deleted.
        created_at: UTC.
    """

    __tablename__ = "idempotency_keys"

    user_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    route: Mapped[str] = mapped_column(String(64), primary_key=True)
    key: Mapped[str] = mapped_column(String(255), primary_key=True)
    request_hash: Mapped[str] = mapped_column(String(64))
    resource_id: Mapped[str] = mapped_column(String(64), index=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyedRequest:
    """A creating request as the table knows it; without a key every request creates."""

    user_id: str
    route: str
    key: str | None
    request_hash: str


@dataclass(frozen=True, slots=True)
class Creation:
    """What a creating request led to: the resource, and whether this very request made it."""

    resource_id: str
    is_new: bool


def hash_content(*content: Any) -> str:
    """SHA-256 in hex over JSON values; secrets must stay out of it, for the hash is kept."""
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def create_once(
    session: Session, request: KeyedRequest, create: Callable[[str], object]
) -> Creation:
    """Call `create` with a fresh id, or name what the same request created before.

    Concurrent duplicates wait for the first one at the key's row and then find what it made.

    Args:
        session: The transaction; `create` works in a savepoint of it.
        request: Who asks for what.
        create: Makes the resource under the id it is given.

    Raises:
        ConflictError: `idempotency_conflict`, when the key stands for another request.
    """
    resource_id = create_id()
    if request.key is None:
        create(resource_id)
        return Creation(resource_id, is_new=True)
    known = _find_earlier(session, request)
    if known is not None:
        return known
    try:
        # A savepoint, because a concurrent request may win the key at the last moment.
        with session.begin_nested():
            _keep_key(session, request, request.key, resource_id)
            create(resource_id)
    except IntegrityError:
        known = _find_earlier(session, request)
        if known is None:
            raise
        return known
    return Creation(resource_id, is_new=True)


def note_creation(session: Session, request: KeyedRequest, resource_id: str) -> None:
    """Have the same request lead to what is there already, as if it had made it.

    The caller has seen to it that nobody sends the key at the same time.
    """
    if request.key is not None:
        _keep_key(session, request, request.key, resource_id)


def is_repeated(session: Session, request: KeyedRequest) -> bool:
    """Whether this very request has created something before.

    Raises:
        ConflictError: `idempotency_conflict`, when the key stands for another request.
    """
    return request.key is not None and _find_earlier(session, request) is not None


@for_everybody
def forget_keys_of(session: Session, resource_id: str) -> None:
    """Remove the keys of a resource that is being deleted, whoever sent them."""
    session.execute(delete(IdempotencyKey).where(IdempotencyKey.resource_id == resource_id))


@for_everybody
def forget_old_keys(session: Session, now: datetime) -> int:
    """Remove keys that no client will send again; returns how many."""
    statement = delete(IdempotencyKey).where(IdempotencyKey.created_at < now - KEEP_FOR)
    result = session.execute(statement)
    assert isinstance(result, CursorResult)  # noqa: S101 -- narrows the type for rowcount
    return result.rowcount


def _find_earlier(session: Session, request: KeyedRequest) -> Creation | None:
    row = session.execute(
        select(IdempotencyKey.request_hash, IdempotencyKey.resource_id).where(
            IdempotencyKey.user_id == request.user_id,
            IdempotencyKey.route == request.route,
            IdempotencyKey.key == request.key,
        )
    ).one_or_none()
    if row is None:
        return None
    if row.request_hash != request.request_hash:
        raise ConflictError(
            "This Idempotency-Key was used for a request with other content.",
            code="idempotency_conflict",
        )
    return Creation(row.resource_id, is_new=False)


def _keep_key(session: Session, request: KeyedRequest, key: str, resource_id: str) -> None:
    session.add(
        IdempotencyKey(
            user_id=request.user_id,
            route=request.route,
            key=key,
            request_hash=request.request_hash,
            resource_id=resource_id,
            created_at=read_database_time(session),
        )
    )
    session.flush()
