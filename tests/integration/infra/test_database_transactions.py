import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from transcriber.infra.clock import read_database_time
from transcriber.infra.context import Context
from transcriber.infra.database import Database, UnitOfWork
from transcriber.infra.heartbeats import (
    WorkerHeartbeat,
    count_ready_workers,
    list_not_ready_reasons,
    record_heartbeat,
    remove_heartbeat,
)
from transcriber.infra.settings import Settings


def test_callbacks_run_after_the_commit_and_never_after_a_rollback(context: Context) -> None:
    seen: list[int] = []

    def count_rows() -> None:
        with context.database.snapshot() as session:
            seen.append(session.query(WorkerHeartbeat).count())

    with context.database.unit_of_work() as uow:
        record_heartbeat(uow, "a" * 32, None)
        uow.after_commit(count_rows)
        assert seen == []
    assert seen == [1]
    with pytest.raises(DBAPIError), context.database.unit_of_work() as uow:
        _record_then_fail(uow, count_rows)
    assert seen == [1]


def _record_then_fail(uow: UnitOfWork, callback: Callable[[], None]) -> None:
    record_heartbeat(uow, "b" * 32, None)
    uow.after_commit(callback)
    uow.session.execute(text("SELECT * FROM nothing"))


def test_a_snapshot_sees_one_state_and_waits_for_no_writer(context: Context) -> None:
    with context.database.snapshot() as reader:
        assert reader.query(WorkerHeartbeat).count() == 0
        with context.database.unit_of_work() as uow:
            record_heartbeat(uow, "a" * 32, None)
            uow.session.flush()
            assert reader.query(WorkerHeartbeat).count() == 0
        assert reader.query(WorkerHeartbeat).count() == 0
    with context.database.snapshot() as reader:
        assert reader.query(WorkerHeartbeat).count() == 1


def test_a_snapshot_refuses_to_write_and_the_connection_can_write_afterwards(
    context: Context,
) -> None:
    with pytest.raises(DBAPIError), context.database.snapshot() as session:
        session.execute(text("DELETE FROM worker_heartbeats"))
    with context.database.unit_of_work() as uow:
        uow.session.execute(text("DELETE FROM worker_heartbeats"))


def test_a_named_lock_is_held_by_one(context: Context, settings: Settings) -> None:
    other = Database(settings.resolved_database_url)
    order: list[str] = []

    def take_later() -> None:
        with other.unit_of_work() as uow:
            uow.acquire_lock("name")
            uow.session.execute(text("SELECT 1"))
            order.append("second")

    thread = threading.Thread(target=take_later)
    with context.database.unit_of_work() as uow:
        uow.acquire_lock("name")
        uow.session.execute(text("SELECT 1"))
        if not context.database.is_sqlite:
            with other.unit_of_work() as second:
                assert not second.try_lock("name")
                assert second.try_lock("another")
        thread.start()
        thread.join(0.2)
        order.append("first")
    thread.join(10)
    other.dispose()
    assert order == ["first", "second"]
    with context.database.unit_of_work() as uow:
        assert uow.try_lock("name")


def test_an_error_shows_no_values(context: Context) -> None:
    with pytest.raises(DBAPIError) as caught, context.database.unit_of_work() as uow:
        uow.session.execute(text("SELECT * FROM nothing WHERE a = :value"), {"value": "CANARY"})
    assert "CANARY" not in str(caught.value)


def test_workers_are_counted_by_the_databases_clock(context: Context) -> None:
    with context.database.unit_of_work() as uow:
        record_heartbeat(uow, "a" * 32, None)
        record_heartbeat(uow, "b" * 32, "The model is damaged." * 100)
        record_heartbeat(uow, "c" * 32, None)
        uow.session.flush()
        stale = uow.session.get_one(WorkerHeartbeat, "c" * 32)
        stale.seen_at = read_database_time(uow.session) - timedelta(minutes=5)
    with context.database.snapshot() as session:
        assert count_ready_workers(session, 30) == 1
        assert list_not_ready_reasons(session, 30)[0].startswith("The model is damaged.")
    with context.database.unit_of_work() as uow:
        remove_heartbeat(uow, "a" * 32)
        record_heartbeat(uow, "b" * 32, None)
    with context.database.snapshot() as session:
        assert count_ready_workers(session, 30) == 1
        assert list_not_ready_reasons(session, 30) == []
