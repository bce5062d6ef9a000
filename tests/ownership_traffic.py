"""Readers and writers of an installation that is being upgraded, as impatient as its users."""

import threading
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from transcriber.infra.database import Database

PATIENCE = "SET lock_timeout = '1s'"
PAUSE_SECONDS = 0.02

_READS = (
    "SELECT count(*) FROM jobs WHERE id = :job",
    "SELECT s.text FROM segments s JOIN transcripts t ON t.job_id = s.job_id WHERE s.job_id = :job",
    "SELECT r.name FROM recordings r JOIN jobs j ON j.recording_id = r.id WHERE j.id = :job",
)
_WRITES = (
    "UPDATE jobs SET done_seconds = done_seconds + 1 WHERE id = :job",
    "UPDATE spans SET attempt = attempt + 1 WHERE job_id = :job",
    "UPDATE segments SET temperature = temperature + 1 WHERE job_id = :job",
    "UPDATE job_events SET attempt = attempt + 1 WHERE job_id = :job",
)


@dataclass
class Traffic:
    """What became of it."""

    faults: list[str] = field(default_factory=list)
    rounds: int = 0


@contextmanager
def run_traffic(database: Database, *, jobs: int) -> Generator[Traffic]:
    """Read and write all the time; on SQLite, whose upgrade is one transaction, not at all."""
    traffic = Traffic()
    if database.is_sqlite:
        yield traffic
        return
    done = threading.Event()
    threads = [
        threading.Thread(target=_work, args=(database, traffic, done, statements, jobs))
        for statements in (_READS, _WRITES)
    ]
    for thread in threads:
        thread.start()
    try:
        yield traffic
    finally:
        done.set()
        for thread in threads:
            thread.join()
    assert traffic.rounds > len(threads)


def _work(
    database: Database,
    traffic: Traffic,
    done: threading.Event,
    statements: tuple[str, ...],
    jobs: int,
) -> None:
    with database.engine.connect() as connection:
        connection.execute(text(PATIENCE))
        connection.commit()
        number = 0
        while not done.is_set():
            number = (number + 7_919) % jobs
            _attempt(lambda: _go_round(connection, statements, number), connection, traffic)  # noqa: B023 -- called at once
            time.sleep(PAUSE_SECONDS)


def _attempt(act: Callable[[], None], connection: Connection, traffic: Traffic) -> None:
    try:
        act()
        traffic.rounds += 1
    except DBAPIError as error:
        connection.rollback()
        traffic.faults.append(str(error.orig))


def _go_round(connection: Connection, statements: tuple[str, ...], number: int) -> None:
    for statement in statements:
        connection.execute(text(statement), {"job": f"j{1_000_000 + number}"})
    connection.commit()
