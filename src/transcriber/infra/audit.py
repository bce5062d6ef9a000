"""Who did what to whose things: rows are only ever added, and hold ids, never contents."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from transcriber.infra.clock import read_database_time
from transcriber.infra.database import Base, UtcDateTime
from transcriber.infra.ownership import for_everybody


class AuditEntry(Base):
    """One act.

    Attributes:
        id: Rising.
        created_at: UTC, by the database's clock.
        actor: `account:<id>`, `admin:<id>`, or a part of the service such as `retention`.
        action: What was done, as in `job.delete`.
        object_kind: To what: `job`, `recording` or `account`.
        object_id: Its id.
        user_id: Whose it is or was.
        detail: What the id does not say; never a name or a text of the owner's.
    """

    __tablename__ = "audit_entries"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    actor: Mapped[str] = mapped_column(String(128))
    action: Mapped[str] = mapped_column(String(64))
    object_kind: Mapped[str] = mapped_column(String(32))
    object_id: Mapped[str] = mapped_column(String(64), index=True)
    user_id: Mapped[str] = mapped_column(String(64), index=True)
    detail: Mapped[str | None] = mapped_column(String(2000))


def record_act(
    session: Session,
    *,
    actor: str,
    action: str,
    object_id: str,
    user_id: str,
    detail: str | None = None,
) -> None:
    """Write an act down in the transaction that does it; its object's kind leads `action`."""
    session.add(
        AuditEntry(
            created_at=read_database_time(session),
            actor=actor,
            action=action,
            object_kind=action.partition(".")[0],
            object_id=object_id,
            user_id=user_id,
            detail=detail,
        )
    )


@for_everybody
def list_acts(session: Session, *, before: int | None, limit: int) -> Sequence[AuditEntry]:
    """Entries of all accounts, newest first, from behind the entry `before`."""
    query = select(AuditEntry).order_by(AuditEntry.id.desc()).limit(limit)
    if before is not None:
        query = query.where(AuditEntry.id < before)
    return session.scalars(query).all()
