"""The order of the log: no event is passed that may still appear, and none is awaited for ever."""

from collections.abc import Generator
from contextlib import contextmanager

import pytest
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from job_builders import add_job, read_job
from transcriber.infra.clock import read_database_time
from transcriber.infra.context import Context
from transcriber.infra.database import UnitOfWork
from transcriber.jobs.events.tail import BATCH, EventTail
from transcriber.jobs.lifecycle import record_event
from transcriber.jobs.models import JobEvent
from transcriber.jobs.states import JobState


def write_event(session: Session, context: Context, job_id: str) -> int:
    """What a worker's transaction does; returns the event's id."""
    job = read_job(context, job_id)
    now = read_database_time(session)
    record_event(session, job, JobState(job.state), actor="w1", now=now, detail="a note")
    return session.scalar(select(func.max(JobEvent.id))) or 0


def commit_event(context: Context, job_id: str) -> int:
    with context.database.unit_of_work() as uow:
        return write_event(uow.session, context, job_id)


@contextmanager
def open_writer(context: Context) -> Generator[UnitOfWork]:
    """A transaction that the test ends when it likes; one left open is rolled back."""
    with Session(context.database.engine) as session, session.begin():
        yield UnitOfWork(session)


def find_end(tail: EventTail) -> int:
    assert tail.advance() == ()
    assert tail.position is not None
    return tail.position


def take_ids(tail: EventTail) -> list[int]:
    return [each.id for each in tail.advance()]


def test_it_tells_what_is_new_in_order_and_only_once(context: Context) -> None:
    job_id = add_job(context)
    tail = EventTail(context.database)
    end = find_end(tail)
    assert take_ids(tail) == []
    written = [commit_event(context, job_id) for _ in range(3)]
    assert written[0] > end
    assert take_ids(tail) == written
    assert take_ids(tail) == []
    with context.database.unit_of_work() as uow:
        many = [write_event(uow.session, context, job_id) for _ in range(BATCH + 5)]
    assert take_ids(tail) + take_ids(tail) == many


def test_an_id_that_commits_late_is_waited_for(postgres_context: Context) -> None:
    context = postgres_context
    job_id = add_job(context)
    tail = EventTail(context.database)
    end = find_end(tail)
    with open_writer(context) as early:
        first = write_event(early.session, context, job_id)
        second = commit_event(context, job_id)
        assert end < first < second
        assert take_ids(tail) == []
        assert tail.position == end
        third = commit_event(context, job_id)
        assert take_ids(tail) == []
        assert tail.is_waiting
    assert take_ids(tail) == [first, second, third]
    assert not tail.is_waiting


def test_what_is_before_a_late_id_is_told_at_once(postgres_context: Context) -> None:
    context = postgres_context
    job_id = add_job(context)
    tail = EventTail(context.database)
    find_end(tail)
    before = commit_event(context, job_id)
    with open_writer(context) as late:
        missing = write_event(late.session, context, job_id)
        behind = commit_event(context, job_id)
        assert take_ids(tail) == [before]
    assert take_ids(tail) == [missing, behind]


def test_an_id_that_was_rolled_back_holds_nothing_up(postgres_context: Context) -> None:
    context = postgres_context
    job_id = add_job(context)
    tail = EventTail(context.database)
    find_end(tail)
    with open_writer(context) as lost:
        missing = write_event(lost.session, context, job_id)
        lost.session.rollback()
    behind = commit_event(context, job_id)
    assert behind == missing + 1
    assert take_ids(tail) == [behind]


def test_a_new_writer_does_not_prolong_the_wait(postgres_context: Context) -> None:
    context = postgres_context
    job_id = add_job(context)
    tail = EventTail(context.database)
    find_end(tail)
    with open_writer(context) as later:
        with open_writer(context) as early:
            first = write_event(early.session, context, job_id)
            second = commit_event(context, job_id)
            assert take_ids(tail) == []
            # It came after the gap was seen, so the gap is none of its doing.
            missing = write_event(later.session, context, job_id)
        assert take_ids(tail) == [first, second]
    assert take_ids(tail) == [missing]


def test_other_writers_of_the_cluster_are_not_waited_for(postgres_context: Context) -> None:
    context = postgres_context
    job_id = add_job(context)
    tail = EventTail(context.database)
    find_end(tail)
    with open_writer(context) as other:
        # It has a transaction id, which is the oldest there is, and never wrote an event.
        other.session.execute(select(func.pg_current_xact_id()))
        with open_writer(context) as lost:
            write_event(lost.session, context, job_id)
            lost.session.rollback()
        behind = commit_event(context, job_id)
        assert take_ids(tail) == [behind]


def test_a_stuck_transaction_is_passed_after_a_while(postgres_context: Context) -> None:
    context = postgres_context
    job_id = add_job(context)
    tail = EventTail(context.database, patience_seconds=0.0)
    find_end(tail)
    with open_writer(context) as stuck:
        write_event(stuck.session, context, job_id)
        behind = commit_event(context, job_id)
        assert take_ids(tail) == []
        assert take_ids(tail) == [behind]


def test_the_end_is_found_behind_whoever_writes_at_that_moment(postgres_context: Context) -> None:
    context = postgres_context
    job_id = add_job(context)
    tail = EventTail(context.database)
    with open_writer(context) as early:
        write_event(early.session, context, job_id)
        newest = commit_event(context, job_id)
        assert tail.advance() == ()
        assert tail.position is None
    assert find_end(tail) == newest
    assert take_ids(tail) == []


def test_ids_of_deleted_rows_hold_nothing_up(context: Context) -> None:
    job_id = add_job(context)
    tail = EventTail(context.database)
    find_end(tail)
    gone = [commit_event(context, job_id) for _ in range(3)]
    with context.database.unit_of_work() as uow:
        uow.session.execute(delete(JobEvent).where(JobEvent.id.in_(gone)))
    behind = commit_event(context, job_id)
    assert behind == gone[-1] + 1
    assert take_ids(tail) == [behind]


@pytest.mark.parametrize("count", [0, 1])
def test_an_empty_log_has_an_end_too(context: Context, count: int) -> None:
    with context.database.unit_of_work() as uow:
        uow.session.execute(delete(JobEvent))
    tail = EventTail(context.database)
    assert find_end(tail) == 0
    job_id = add_job(context)
    assert len(take_ids(tail)) == 1
    assert [commit_event(context, job_id) for _ in range(count)] == take_ids(tail)
