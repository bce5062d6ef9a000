"""What the database says of itself."""

import time
from dataclasses import dataclass

from sqlalchemy import inspect, text
from sqlalchemy.orm import Session

from transcriber.infra.database import Database

SQLITE_SIZE = text("SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()")
POSTGRES_SIZE = text("SELECT pg_database_size(current_database())")


@dataclass(frozen=True, slots=True)
class DatabaseFacts:
    """Of one moment; `revision` is None where there are no tables yet."""

    version: str
    latency_seconds: float
    revision: str | None
    size_bytes: int


def look_at_database(database: Database) -> DatabaseFacts:
    """Ask it a few short questions.

    Raises:
        sqlalchemy.exc.OperationalError: when it is away.
    """
    with database.snapshot() as session:
        session.execute(text("SELECT 1"))
        began = time.perf_counter()
        session.execute(text("SELECT 1"))
        latency = time.perf_counter() - began
        is_sqlite = database.is_sqlite
        version = text("SELECT sqlite_version()") if is_sqlite else text("SHOW server_version")
        return DatabaseFacts(
            version=str(session.execute(version).scalar_one()),
            latency_seconds=latency,
            revision=_read_revision(session),
            size_bytes=int(
                session.execute(SQLITE_SIZE if is_sqlite else POSTGRES_SIZE).scalar_one()
            ),
        )


def _read_revision(session: Session) -> str | None:
    if not inspect(session.connection()).has_table("alembic_version"):
        return None
    return session.scalar(text("SELECT version_num FROM alembic_version"))
