"""All SQL about the uses of aliases."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, case, func, select, tuple_
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import InstrumentedAttribute, Session

from transcriber.infra.database import UnitOfWork
from transcriber.infra.identifiers import create_id
from transcriber.infra.ownership import for_everybody
from transcriber.uploads.aliases.clients import fold_client
from transcriber.uploads.aliases.models import AliasUse

LOCK = "upload-alias-uses"


@dataclass(frozen=True, slots=True)
class UseKey:
    """What uses are counted by."""

    alias: str
    client: str
    user_id: str


@dataclass(slots=True)
class UseCount:
    """Uses since they were last written down."""

    uses: int
    first_used_at: datetime
    last_used_at: datetime

    def add(self, other: "UseCount") -> None:
        """Count those of another as well."""
        self.uses += other.uses
        self.first_used_at = min(self.first_used_at, other.first_used_at)
        self.last_used_at = max(self.last_used_at, other.last_used_at)


@for_everybody
def add_uses(uow: UnitOfWork, counts: Mapping[UseKey, UseCount]) -> None:
    """Add to what is counted already, in one statement.

    Processes take turns, so that together they keep no more clients apart than one may.

    Raises:
        sqlalchemy.exc.OperationalError: when the database is away or busy beyond its bound.
    """
    session = uow.session
    uow.acquire_lock(LOCK)
    known = set(session.scalars(select(AliasUse.client).distinct()))
    folded: dict[UseKey, UseCount] = {}
    for key, count in counts.items():
        place = UseKey(key.alias, fold_client(key.client, known), key.user_id)
        if place in folded:
            folded[place].add(count)
        else:
            folded[place] = UseCount(count.uses, count.first_used_at, count.last_used_at)
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    statement = (sqlite_insert if is_sqlite else postgresql_insert)(AliasUse)
    new = statement.excluded
    session.execute(
        statement.on_conflict_do_update(
            index_elements=[AliasUse.alias, AliasUse.client, AliasUse.user_id],
            set_={
                "uses": AliasUse.uses + new["uses"],
                "first_used_at": _earlier(AliasUse.first_used_at, new["first_used_at"]),
                "last_used_at": _later(AliasUse.last_used_at, new["last_used_at"]),
            },
        ),
        [_build_row(key, count) for key, count in folded.items()],
    )


@for_everybody
def list_uses(
    session: Session, *, after: tuple[datetime, str] | None, limit: int
) -> Sequence[AliasUse]:
    """The newest use first, from behind `after` (last_used_at, id)."""
    query = select(AliasUse).order_by(AliasUse.last_used_at.desc(), AliasUse.id.desc())
    if after is not None:
        query = query.where(tuple_(AliasUse.last_used_at, AliasUse.id) < after)
    return session.scalars(query.limit(limit)).all()


@for_everybody
def sum_uses(session: Session) -> dict[tuple[str, str], int]:
    """How often each client used each alias, whatever the account."""
    query = select(AliasUse.alias, AliasUse.client, func.sum(AliasUse.uses))
    rows = session.execute(query.group_by(AliasUse.alias, AliasUse.client))
    return {(alias, client): int(uses) for alias, client, uses in rows}


def _build_row(key: UseKey, count: UseCount) -> dict[str, object]:
    return {
        "id": create_id(),
        "alias": key.alias,
        "client": key.client,
        "user_id": key.user_id,
        "uses": count.uses,
        "first_used_at": count.first_used_at,
        "last_used_at": count.last_used_at,
    }


def _earlier(
    known: InstrumentedAttribute[datetime], new: ColumnElement[datetime]
) -> ColumnElement[datetime]:
    return case((known < new, known), else_=new)


def _later(
    known: InstrumentedAttribute[datetime], new: ColumnElement[datetime]
) -> ColumnElement[datetime]:
    return case((known > new, known), else_=new)
