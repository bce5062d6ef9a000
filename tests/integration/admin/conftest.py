"""Acts to look at, and ways around the rules that keep them."""

from collections.abc import Callable

import pytest
from sqlalchemy import text

from transcriber.infra.audit import record_act
from transcriber.infra.audit_chain import SealKeys
from transcriber.infra.audit_sealing import seal_entries
from transcriber.infra.context import Context

Act = Callable[..., None]
Force = Callable[[str], None]
PLAIN = SealKeys(None, {})


@pytest.fixture
def act(context: Context) -> Act:
    """Does so many things, and seals them."""

    def record(count: int = 1, *, keys: SealKeys | None = PLAIN, action: str = "job.read") -> None:
        with context.database.unit_of_work() as uow:
            for number in range(count):
                record_act(
                    uow.session,
                    actor="admin:eve",
                    action=action,
                    object_id=f"job{number}",
                    user_id="alice",
                )
        if keys is not None:
            seal_entries(context.database, keys)

    return record


@pytest.fixture
def force(context: Context) -> Force:
    """Runs a statement as whoever owns the database can: without its triggers."""

    def run(statement: str) -> None:
        with context.database.unit_of_work() as uow:
            connection = uow.session.connection()
            if not context.database.is_sqlite:
                uow.session.execute(text("SET LOCAL session_replication_role = replica"))
            else:
                query = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
                for name in list(uow.session.scalars(text(query))):
                    connection.exec_driver_sql(f"DROP TRIGGER {name}")
            connection.exec_driver_sql(statement)

    return run
