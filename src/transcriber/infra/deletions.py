"""Objects to be deleted: written down with the change that gives them up, deleted after it.

Storage that is away at that moment only delays the deletion: the row stays until the object is
gone, and a periodic round tries again.
"""

from collections.abc import Sequence
from datetime import datetime

import structlog
from sqlalchemy import String, delete, select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Mapped, Session, mapped_column

from transcriber.infra.clock import read_database_time
from transcriber.infra.database import Base, Database, UnitOfWork, UtcDateTime
from transcriber.infra.errors import ServiceError
from transcriber.infra.storage import Storage

BATCH = 100
MAX_REFUSALS = 3

_log = structlog.stdlib.get_logger(__name__)


class Deletion(Base):
    """An object that must go; `tried_at` is when the storage last refused."""

    __tablename__ = "deletions"

    storage_key: Mapped[str] = mapped_column(String(64), primary_key=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    tried_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)


def give_up(uow: UnitOfWork, key: str) -> None:
    """Leave an object that no row points at any more to the periodic round."""
    uow.session.merge(Deletion(storage_key=key, created_at=read_database_time(uow.session)))


def delete_after_commit(uow: UnitOfWork, storage: Storage, key: str) -> None:
    """Delete an object that no row points at any more, once this transaction is durable.

    Its row here is part of the transaction, so a crash or an outage at any later moment leaves
    nothing forgotten.
    """
    give_up(uow, key)
    bind = uow.session.get_bind()

    def finish() -> None:
        if not try_delete(storage, key):
            return
        try:
            with Session(bind) as session, session.begin():
                _forget(session, [key])
        except SQLAlchemyError as error:
            # The periodic round finds the object gone and removes the row.
            _log.warning("deletion_not_forgotten", key=key, error=str(error))

    uow.after_commit(finish)


def retry_deletions(database: Database, storage: Storage) -> int:
    """One batch of what is left, longest untried first; returns how many objects are gone.

    A storage that refuses several in a row is left alone until the next round: it may be silent
    for a minute before each refusal.
    """
    with database.snapshot() as session:
        waiting = select(Deletion.storage_key)
        order = (Deletion.tried_at.asc().nulls_first(), Deletion.created_at)
        keys = session.scalars(waiting.order_by(*order).limit(BATCH)).all()
    if not keys:
        return 0
    # Deleting takes as long as the storage likes, so no transaction is open meanwhile.
    gone, left = _try_all(storage, keys)
    with database.unit_of_work() as uow:
        _forget(uow.session, gone)
        now = read_database_time(uow.session)
        uow.session.execute(
            update(Deletion).where(Deletion.storage_key.in_(left)).values(tried_at=now)
        )
    return len(gone)


def _try_all(storage: Storage, keys: Sequence[str]) -> tuple[list[str], list[str]]:
    gone, left = list[str](), list[str]()
    refusals = 0
    for key in keys:
        if try_delete(storage, key):
            gone.append(key)
            refusals = 0
            continue
        left.append(key)
        refusals += 1
        if refusals == MAX_REFUSALS:
            break
    return gone, left


def try_delete(storage: Storage, key: str) -> bool:
    """Delete an object that nothing names; tells whether it is gone."""
    try:
        storage.delete(key)
    except ServiceError as error:
        _log.warning("object_left_behind", key=key, reason=error.detail)
        return False
    return True


def _forget(session: Session, keys: Sequence[str]) -> None:
    session.execute(delete(Deletion).where(Deletion.storage_key.in_(keys)))
