"""One way to the database for API, worker and CLI: short transactions, committed at the edge."""

import sqlite3
from collections.abc import Callable, Generator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, DateTime, Engine, MetaData, create_engine, event, make_url, text
from sqlalchemy.engine import Dialect, ExceptionContext, ExecutionContext
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import DeclarativeBase, Session, sessionmaker
from sqlalchemy.types import TypeDecorator

BUSY_TIMEOUT_MS = 5_000
LOCK_TIMEOUT_MS = 2_000
# One stopped worker inside a transaction must not block everybody.
IDLE_IN_TRANSACTION_MS = 3_000
ANSWER_SECONDS = 10.0
"""How long PostgreSQL may take to answer one command; they take milliseconds."""

# libpq's names.  A link that loses the answer for good would otherwise be noticed after two hours.
_TCP_BOUNDS = {
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 20_000,
}

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

_PRIMARY_CODE = 0xFF
_UNREADABLE = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}

# SQLite has no read-only transaction: `_begin_sqlite` makes one from this mark.
_SNAPSHOT_MARK = "is_snapshot"
_READ_ONLY: dict[str, dict[str, Any]] = {
    "sqlite": {_SNAPSHOT_MARK: True},
    "postgresql": {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True},
}

_BINARY_MARK = "is_binary"
BINARY_ANSWER: dict[str, Any] = {_BINARY_MARK: True}
"""Options of a statement whose answer PostgreSQL sends as it has it, not spelled out as text."""


class Base(DeclarativeBase):
    """Parent of every table."""

    metadata = MetaData(naming_convention=NAMING)


class UtcDateTime(TypeDecorator[datetime]):
    """An aware UTC time on every database; SQLite would otherwise give naive values back."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(
        self,
        value: datetime | None,
        dialect: Dialect,  # noqa: ARG002 -- the signature is SQLAlchemy's
    ) -> datetime | None:
        """Refuse naive times, store UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("A time without a zone reached the database layer.")
        return value.astimezone(UTC)

    def process_result_value(
        self,
        value: datetime | None,
        dialect: Dialect,  # noqa: ARG002 -- the signature is SQLAlchemy's
    ) -> datetime | None:
        """Give UTC back, whatever the driver dropped."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class UnitOfWork:
    """One transaction and what must happen only after it is durable.

    Services receive it and never commit; the edge that opened it does.
    """

    def __init__(self, session: Session) -> None:
        self.session = session
        self._callbacks: list[Callable[[], None]] = []

    def after_commit(self, callback: Callable[[], None]) -> None:
        """Run `callback` once the commit has returned; never when it failed."""
        self._callbacks.append(callback)

    def acquire_lock(self, name: str) -> None:
        """Be alone with `name` until this transaction ends, among all processes.

        SQLite needs nothing more: the transaction already is the only writer.

        Raises:
            sqlalchemy.exc.OperationalError: when it is held beyond the lock timeout.
        """
        if self.session.get_bind().dialect.name == "postgresql":
            statement = text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))")
            self.session.execute(statement, {"name": name})

    def try_lock(self, name: str) -> bool:
        """Like `acquire_lock`, but give up at once; tells whether the lock is held."""
        if self.session.get_bind().dialect.name != "postgresql":
            return True
        statement = text("SELECT pg_try_advisory_xact_lock(hashtextextended(:name, 0))")
        return bool(self.session.execute(statement, {"name": name}).scalar_one())

    def run_callbacks(self) -> None:
        """Run and forget the callbacks; called by whoever committed."""
        callbacks, self._callbacks = self._callbacks, []
        for callback in callbacks:
            callback()


class Database:
    """An engine and its transactions.

    Args:
        url: The SQLAlchemy address.
        answer_seconds: How long PostgreSQL may take for one command; None waits for ever.
    """

    def __init__(self, url: str, *, answer_seconds: float | None = ANSWER_SECONDS) -> None:
        self.engine = _create_engine(url)
        if answer_seconds is not None and not self.is_sqlite:
            from transcriber.infra.bounded_connection import (  # noqa: PLC0415 -- the driver takes 7 MB
                bound_answers,
            )

            bound_answers(self.engine, answer_seconds)
        self._sessions = sessionmaker(self.engine, expire_on_commit=False)
        readers = self.engine.execution_options(**_READ_ONLY[self.engine.dialect.name])
        self._readers = sessionmaker(readers, expire_on_commit=False, autoflush=False)

    @property
    def is_sqlite(self) -> bool:
        """Whether this is the one-machine database."""
        return self.engine.dialect.name == "sqlite"

    @contextmanager
    def unit_of_work(self) -> Generator[UnitOfWork]:
        """One transaction: committed on leaving, rolled back on an exception, then callbacks run.

        Raises:
            sqlalchemy.exc.OperationalError: when the database is away or busy beyond its bound.
        """
        with self._sessions() as session:
            uow = UnitOfWork(session)
            with session.begin():
                yield uow
        uow.run_callbacks()

    @contextmanager
    def snapshot(self, exported: str | None = None) -> Generator[Session]:
        """One consistent, read-only view that waits for no writer; a write in it is refused.

        Args:
            exported: The name that PostgreSQL gave the view of a snapshot that is still open: this
                one shows the same.

        Raises:
            sqlalchemy.exc.OperationalError: when the database is away.
        """
        with self._readers() as session, session.begin():
            if exported is not None:
                # No statement takes a parameter here; the name is the server's own.
                session.execute(text(f"SET TRANSACTION SNAPSHOT '{exported}'"))
            yield session

    def empty_log(self) -> bool:
        """Move SQLite's write-ahead log into the database file and cut it to nothing.

        Otherwise deleted texts would outlive their deletion in it.  Gives up at once while somebody
        reads or writes; tells whether it worked.

        Raises:
            sqlalchemy.exc.OperationalError: when the disk fails.
        """
        if not self.is_sqlite:
            return True
        connection = self.engine.raw_connection()
        try:
            cursor = connection.cursor()
            cursor.execute("PRAGMA busy_timeout=0")
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            row = cursor.fetchone()
            cursor.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
            cursor.close()
        except sqlite3.Error as error:
            # Whoever had this connection next would not wait for its turn.
            connection.invalidate()
            raise OperationalError("PRAGMA wal_checkpoint", None, error) from error
        finally:
            connection.close()
        return row is not None and row[0] == 0

    def dispose(self) -> None:
        """Close every pooled connection."""
        self.engine.dispose()


def _create_engine(url: str) -> Engine:
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        if parsed.database and parsed.database != ":memory:":
            Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
        engine = create_engine(
            parsed, hide_parameters=True, connect_args={"timeout": BUSY_TIMEOUT_MS / 1000}
        )
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "handle_error", _name_failing_disk)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    options = (
        f"-c lock_timeout={LOCK_TIMEOUT_MS} "
        f"-c idle_in_transaction_session_timeout={IDLE_IN_TRANSACTION_MS} -c timezone=UTC"
    )
    engine = create_engine(
        parsed,
        # An error's text reaches the logs; the values bound to it are the users' own.
        hide_parameters=True,
        pool_pre_ping=True,
        pool_size=10,
        max_overflow=20,
        connect_args={"options": options, "connect_timeout": 5, **_TCP_BOUNDS},
    )
    event.listen(engine, "before_cursor_execute", _choose_format)
    return engine


def _choose_format(
    _connection: Connection,
    cursor: Any,
    _statement: str,
    _parameters: object,
    context: ExecutionContext,
    _is_many: bool,  # noqa: FBT001 -- the signature is SQLAlchemy's
) -> None:
    if context.execution_options.get(_BINARY_MARK):
        # The driver's `Format.BINARY`, without loading it for SQLite.
        cursor.format = 1


def _name_failing_disk(context: ExceptionContext) -> BaseException | None:
    """SQLite calls a page that the disk did not give it a damaged database: it is away, as others.

    Whoever handles a database that is away tries again, or answers that it is.
    """
    original = context.original_exception
    code = getattr(original, "sqlite_errorcode", 0) & _PRIMARY_CODE
    if code not in _UNREADABLE or isinstance(original, sqlite3.OperationalError):
        return None
    return OperationalError(context.statement, None, original, hide_parameters=True)


def _prepare_sqlite(connection: Any, _record: object) -> None:
    # The driver's own transaction handling begins late and deferred; `_begin_sqlite` does it.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        # Deleted texts are overwritten with zeros instead of staying in free pages.
        "secure_delete=ON",
        "foreign_keys=ON",
        f"busy_timeout={BUSY_TIMEOUT_MS}",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    if connection.get_execution_options().get(_SNAPSHOT_MARK):
        connection.exec_driver_sql("PRAGMA query_only=ON")
        connection.exec_driver_sql("BEGIN")
        return
    # A deferred transaction that later writes fails at once instead of waiting its turn.
    connection.exec_driver_sql("PRAGMA query_only=OFF")
    connection.exec_driver_sql("BEGIN IMMEDIATE")
