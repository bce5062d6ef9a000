"""Hints between connections, as between processes: quick, lost in an outage, and back after it."""

import threading
import time
from collections.abc import Generator
from contextlib import contextmanager

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from job_builders import add_job
from transcriber.infra.context import Context
from transcriber.infra.hints import Hints, build_hints, send_hint

LONG_SECONDS = 60.0
SHORT_SECONDS = 0.3


@pytest.fixture
def hints(context: Context) -> Generator[Hints]:
    built = build_hints(context.database)
    # The first wait connects, and has its thread look once.
    built.wait(LONG_SECONDS)
    yield built
    built.close()


@contextmanager
def waiting(hints: Hints) -> Generator[None]:
    """Somebody waits for longer than a test may take, meanwhile."""
    thread = threading.Thread(target=hints.wait, args=(LONG_SECONDS,))
    thread.start()
    yield
    thread.join(LONG_SECONDS / 2)
    assert not thread.is_alive()


def count_waited(hints: Hints, seconds: float) -> float:
    started = time.monotonic()
    hints.wait(seconds)
    return time.monotonic() - started


def test_a_written_event_ends_the_wait(context: Context, hints: Hints) -> None:
    with waiting(hints):
        add_job(context)


def test_what_was_written_between_two_waits_is_noticed(context: Context, hints: Hints) -> None:
    add_job(context)
    assert count_waited(hints, LONG_SECONDS) < LONG_SECONDS / 2


def test_without_news_the_wait_has_an_end(hints: Hints) -> None:
    assert count_waited(hints, SHORT_SECONDS) >= SHORT_SECONDS


def test_a_rolled_back_change_is_no_news(postgres_context: Context) -> None:
    hints = build_hints(postgres_context.database)
    hints.wait(LONG_SECONDS)
    with Session(postgres_context.database.engine) as session:
        send_hint(session)
        session.rollback()
    assert count_waited(hints, SHORT_SECONDS) >= SHORT_SECONDS
    hints.close()


def test_they_come_back_after_the_server_ended_the_connection(postgres_context: Context) -> None:
    hints = build_hints(postgres_context.database)
    hints.wait(LONG_SECONDS)
    with postgres_context.database.unit_of_work() as uow:
        ended = uow.session.scalars(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND query LIKE 'LISTEN %'"
            )
        ).all()
    assert ended == [True]
    # It fails, waits as long as it was asked to, and begins afresh with the next.
    hints.wait(SHORT_SECONDS)
    hints.wait(LONG_SECONDS)
    with waiting(hints):
        add_job(postgres_context)
    hints.close()
