import threading

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from transcriber.infra.context import Context
from transcriber.infra.database import Database
from transcriber.infra.heartbeats import WorkerHeartbeat, record_heartbeat
from transcriber.infra.side_reading import open_side_reading


def count(session: Session) -> int:
    return session.query(WorkerHeartbeat).count()


def add_one(database: Database, worker_id: str) -> None:
    with database.unit_of_work() as uow:
        record_heartbeat(uow, worker_id * 32, None)


def test_both_sessions_show_the_same_whatever_is_written_meanwhile(context: Context) -> None:
    database = context.database
    may_read = threading.Event()

    def count_late(session: Session) -> int:
        may_read.wait(10)
        return count(session)

    if database.is_sqlite:
        may_read.set()
    add_one(database, "a")
    with open_side_reading(database) as side:
        with database.snapshot() as session:
            answer = side.begin(session, count_late)
            add_one(database, "b")
            assert count(session) == 1
        # The first one has ended, and the view stays what it was.
        add_one(database, "c")
        may_read.set()
        assert answer.result(10) == 1
    with database.snapshot() as session:
        assert count(session) == 3


def test_who_comes_meanwhile_reads_all_in_one_session(context: Context) -> None:
    readers: list[Session] = []
    with (
        open_side_reading(context.database),
        open_side_reading(context.database) as second,
        context.database.snapshot() as session,
    ):
        assert second.begin(session, readers.append).done()
        assert readers == [session]
    with open_side_reading(context.database) as third, context.database.snapshot() as session:
        third.begin(session, readers.append).result(10)
        assert (readers[1] is session) == context.database.is_sqlite


def test_neither_session_writes(context: Context) -> None:
    def write(session: Session) -> None:
        session.execute(text("DELETE FROM worker_heartbeats"))

    add_one(context.database, "a")
    for _ in range(2):
        # The second time shows that the turn was given back.
        with (
            pytest.raises(Exception, match=r"read.?only"),
            open_side_reading(context.database) as side,
            context.database.snapshot() as session,
        ):
            side.begin(session, write).result(10)
    with context.database.snapshot() as session:
        assert count(session) == 1


@pytest.mark.postgres
def test_a_server_without_a_second_connection_is_told(context: Context) -> None:
    if context.database.is_sqlite:
        pytest.skip("SQLite reads in one session.")
    with context.database.snapshot() as session:
        gone = Database("postgresql+psycopg://nobody@127.0.0.1:1/nothing")
        with pytest.raises(Exception, match="refused"), open_side_reading(gone) as side:
            side.begin(session, count).result(10)
        gone.dispose()
