"""Requests to look at the staged models again, and which of them a process has heeded."""

from datetime import datetime, timedelta

from sqlalchemy import String, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from transcriber.infra.clock import read_database_time
from transcriber.infra.database import Base, UtcDateTime

KEEP_FOR = timedelta(days=7)
"""As long as the keys of the requests that made them."""


class ModelValidation(Base):
    """One request; every process heeds the newest.

    Attributes:
        id: Random.
        requested_at: By the database's clock.
        requested_by: The administrator.
    """

    __tablename__ = "model_validations"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    requested_at: Mapped[datetime] = mapped_column(UtcDateTime)
    requested_by: Mapped[str] = mapped_column(String(64))


def add_validation(session: Session, validation_id: str, admin_id: str) -> None:
    """Ask every process to look again; requests of last week are forgotten."""
    now = read_database_time(session)
    old = ModelValidation.requested_at < now - KEEP_FOR
    session.execute(delete(ModelValidation).where(old))
    session.add(ModelValidation(id=validation_id, requested_at=now, requested_by=admin_id))
    session.flush()


def find_validation(session: Session) -> ModelValidation | None:
    """The newest request."""
    order = (ModelValidation.requested_at.desc(), ModelValidation.id)
    return session.scalar(select(ModelValidation).order_by(*order).limit(1))


class HeededValidations:
    """Which request this process last heeded.

    Those from before its first look are none of its business: it has examined nothing yet.
    """

    def __init__(self) -> None:
        self._heeded: str | None = None
        self._has_looked = False

    def is_new(self, newest: ModelValidation | None) -> bool:
        """Whether the newest request is one that this process has yet to carry out."""
        if not self._has_looked:
            self.heed(newest)
        return newest is not None and newest.id != self._heeded

    def heed(self, newest: ModelValidation | None) -> None:
        """Note that it is carried out."""
        self._has_looked, self._heeded = True, None if newest is None else newest.id
