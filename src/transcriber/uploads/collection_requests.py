"""Collections that administrators asked for: a row each, until one worker has carried it out."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import JSON, String, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from transcriber.infra.audit import SERVICE, record_act
from transcriber.infra.clock import read_database_time
from transcriber.infra.database import Base, UnitOfWork, UtcDateTime
from transcriber.infra.idempotency import (
    KeyedRequest,
    create_once,
    hash_content,
    is_repeated,
    note_creation,
)

CREATE_ROUTE = "POST /api/admin/collection"
LOCK_NAME = "transcriber.collection_requests"
KEEP_FOR = timedelta(days=7)
"""As long as the keys of the requests that made them."""
MAX_PROBLEM_LENGTH = 1_000


class Collection(Base):
    """One of them.

    Attributes:
        id: Random.
        requested_at: By the database's clock, as the times below.
        requested_by: The administrator.
        started_at: When a worker last took it up; None while it waits for one.
        ended_at: None until it is done.
        counts: How much of each kind was removed; None until it is done.
        problem: What could not be collected and why, or None.
    """

    __tablename__ = "collections"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    requested_at: Mapped[datetime] = mapped_column(UtcDateTime)
    requested_by: Mapped[str] = mapped_column(String(64))
    started_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    counts: Mapped[dict[str, int] | None] = mapped_column(JSON)
    problem: Mapped[str | None] = mapped_column(String(MAX_PROBLEM_LENGTH))


def request_collection(uow: UnitOfWork, admin_id: str, key: str | None) -> Collection:
    """Ask for a collection, or for the one that has yet to end; those of last week are forgotten.

    Raises:
        ConflictError: `idempotency_conflict`.
    """
    # Two requests of the same moment must not both find none.
    uow.acquire_lock(LOCK_NAME)
    session = uow.session
    request = KeyedRequest(
        user_id=admin_id, route=CREATE_ROUTE, key=key, request_hash=hash_content()
    )
    under_way = find_open(session)
    if under_way is not None and not is_repeated(session, request):
        note_creation(session, request, under_way.id)
        return under_way
    creation = create_once(session, request, lambda new_id: _add(session, new_id, admin_id))
    if creation.is_new:
        record_act(
            session,
            actor=f"admin:{admin_id}",
            action="collection.request",
            object_id=creation.resource_id,
            user_id=SERVICE,
        )
    return session.get_one(Collection, creation.resource_id)


def _add(session: Session, collection_id: str, admin_id: str) -> None:
    now = read_database_time(session)
    session.execute(delete(Collection).where(Collection.requested_at < now - KEEP_FOR))
    session.add(Collection(id=collection_id, requested_at=now, requested_by=admin_id))
    session.flush()


def find_open(session: Session) -> Collection | None:
    """The one that has yet to end."""
    return session.scalar(select(Collection).where(Collection.ended_at.is_(None)).limit(1))


def find_newest(session: Session) -> Collection | None:
    """The one that was asked for last."""
    order = (Collection.requested_at.desc(), Collection.id)
    return session.scalar(select(Collection).order_by(*order).limit(1))


def start_collection(session: Session) -> Collection | None:
    """Take up the one that is open, which another process may have begun before it died."""
    collection = find_open(session)
    if collection is not None:
        collection.started_at = read_database_time(session)
    return collection


def end_collection(
    session: Session, collection_id: str, counts: Mapping[str, int], problem: str | None
) -> None:
    """Write down what came of it."""
    collection = session.get_one(Collection, collection_id)
    collection.ended_at = read_database_time(session)
    collection.counts = dict(counts)
    collection.problem = problem[:MAX_PROBLEM_LENGTH] if problem else None
