"""Who did what to whose things from where: rows are only ever added, and hold ids, never contents.

`audit_sealing` chains them shortly after their commit; the database itself refuses to change or
remove them otherwise.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import BigInteger, Index, Select, String, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from transcriber.infra.clock import read_database_time
from transcriber.infra.database import Base, UtcDateTime
from transcriber.infra.origin import read_origin
from transcriber.infra.ownership import for_everybody

SERVICE = "service"
"""Whose an object is that is no account's, as the log itself."""


class AuditEntry(Base):
    """One act.

    Attributes:
        id: Rising.
        created_at: UTC, by the database's clock.
        actor: `account:<id>`, `admin:<id>`, or a part of the service such as `retention`.
        action: What was done, as in `job.delete`.
        object_kind: To what: `job`, `recording`, `account` or `key`.
        object_id: Its id.
        user_id: Whose it is or was.
        detail: What the id does not say; never a name or a text of the owner's.
        address: Where the request came from; None for what the service does by itself.
        request_id: The request's id, as its log lines have it.
        sequence: Its place in the chain, from 1; None until it is sealed.
        hash: Binds it to the entry before it.
        seal_key: Which key that was made with; None without one.
    """

    __tablename__ = "audit_entries"
    __table_args__ = (
        Index(
            "ix_audit_entries_unsealed",
            "id",
            sqlite_where=text("sequence IS NULL"),
            postgresql_where=text("sequence IS NULL"),
        ),
        Index("ix_audit_entries_sequence", "sequence", unique=True),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    actor: Mapped[str] = mapped_column(String(128), index=True)
    action: Mapped[str] = mapped_column(String(64))
    object_kind: Mapped[str] = mapped_column(String(32))
    object_id: Mapped[str] = mapped_column(String(64), index=True)
    user_id: Mapped[str] = mapped_column(String(64), index=True)
    detail: Mapped[str | None] = mapped_column(String(2000))
    address: Mapped[str | None] = mapped_column(String(64))
    request_id: Mapped[str | None] = mapped_column(String(64))
    sequence: Mapped[int | None] = mapped_column(BigInteger)
    hash: Mapped[str | None] = mapped_column(String(64))
    seal_key: Mapped[str | None] = mapped_column(String(16))


@dataclass(frozen=True, slots=True, kw_only=True)
class ActFilter:
    """Which acts; None does not ask.

    Attributes:
        since: From this time on.
        until: Before this time.
    """

    actor: str | None = None
    action: str | None = None
    object_kind: str | None = None
    object_id: str | None = None
    user_id: str | None = None
    since: datetime | None = None
    until: datetime | None = None

    def narrow(self, query: Select[AuditEntry]) -> Select[AuditEntry]:
        """The query with these conditions."""
        for name in ("actor", "action", "object_kind", "object_id", "user_id"):
            value = getattr(self, name)
            if value is not None:
                query = query.where(getattr(AuditEntry, name) == value)
        if self.since is not None:
            query = query.where(AuditEntry.created_at >= self.since)
        if self.until is not None:
            query = query.where(AuditEntry.created_at < self.until)
        return query


EVERY_ACT = ActFilter()


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
    origin = read_origin()
    session.add(
        AuditEntry(
            created_at=read_database_time(session),
            actor=actor,
            action=action,
            object_kind=action.partition(".")[0],
            object_id=object_id,
            user_id=user_id,
            detail=detail,
            address=origin.address,
            request_id=origin.request_id,
        )
    )


def list_acts_on(
    session: Session, user_id: str, *, before: int | None, limit: int
) -> Sequence[AuditEntry]:
    """Acts on what is one account's, newest first, from behind the entry `before`."""
    query = select(AuditEntry).where(AuditEntry.user_id == user_id)
    return session.scalars(_select_page(query, before, limit)).all()


@for_everybody
def find_last_act(
    session: Session, *, actor: str, action: str, object_id: str, detail: str | None
) -> datetime | None:
    """When this was last done to the object by the same actor with the same detail."""
    query = select(AuditEntry.created_at).where(
        AuditEntry.actor == actor,
        AuditEntry.action == action,
        AuditEntry.object_id == object_id,
        # `==` of None reads IS NULL.
        AuditEntry.detail == detail,
    )
    return session.scalar(query.order_by(AuditEntry.id.desc()).limit(1))


@for_everybody
def list_acts(
    session: Session, *, before: int | None, limit: int, chosen: ActFilter = EVERY_ACT
) -> Sequence[AuditEntry]:
    """Entries of all accounts, newest first, from behind the entry `before`."""
    query = chosen.narrow(select(AuditEntry))
    return session.scalars(_select_page(query, before, limit)).all()


def _select_page(query: Select[AuditEntry], before: int | None, limit: int) -> Select[AuditEntry]:
    if before is not None:
        query = query.where(AuditEntry.id < before)
    return query.order_by(AuditEntry.id.desc()).limit(limit)
