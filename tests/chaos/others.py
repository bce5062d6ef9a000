"""Others who misbehave beside the one that is measured: nothing may change for it.

Receivers of webhooks that never end their answer, readers of event streams that take nothing, and
a worker that stands still with work in its hands.  What they cost is theirs alone.
"""

import os
import signal
import time
from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.exc import OperationalError

from receivers import drip_header, open_socket_server, stay_silent
from slow_reader import open_slow_reader

SETTINGS = {"WEBHOOK_ALLOWED_HOSTS": "127.0.0.1"}
"""What the service must be told for the receivers to be reached."""
SEARCH_SECONDS = 120.0
ANSWER_SECONDS = 60.0
SLOW_READERS = 5
FIND_HOLDER = """
    SELECT w.pid FROM spans s JOIN worker_heartbeats w ON w.id = s.lease_owner
    WHERE s.job_id = :job AND s.state = 'running'
"""


@dataclass(frozen=True, slots=True)
class Others:
    """What stands in the way.

    Attributes:
        job_id: Of the job whose span the stopped worker holds; cancelled since.
        stopped_pid: That worker's process.
    """

    job_id: str
    stopped_pid: int


@contextmanager
def misbehave(
    address: str, headers: dict[str, str], database_url: str, recording: Path
) -> Generator[Others]:
    """Let others misbehave until the block ends; the service needs a worker more than it uses.

    Args:
        address: Of the service, which runs with `SETTINGS`.
        headers: Of the account whose jobs are measured: each job's end is told to the receivers.
        database_url: SQLAlchemy's.
        recording: Long enough that a worker can be caught with it.
    """
    with ExitStack() as ending:
        client = ending.enter_context(
            httpx.Client(base_url=address, headers=headers, timeout=ANSWER_SECONDS)
        )
        for behave in (drip_header, stay_silent):
            url = ending.enter_context(open_socket_server(behave))
            client.post("/webhooks/", json={"url": url}).raise_for_status()
        for _ in range(SLOW_READERS):
            ending.enter_context(open_slow_reader(address, headers, ANSWER_SECONDS))
        with recording.open("rb") as file:
            answer = client.post("/jobs/", files={"file": ("others.wav", file)})
        answer.raise_for_status()
        job_id = str(answer.json()["id"])
        engine = create_engine(database_url)
        ending.callback(engine.dispose)
        pid = _stop_holder(engine, job_id)
        ending.callback(os.kill, pid, signal.SIGCONT)
        client.post(f"/jobs/{job_id}/cancel").raise_for_status()
        yield Others(job_id, pid)


def _stop_holder(engine: Engine, job_id: str) -> int:
    """SIGSTOP a worker that holds a span of the job, between two of its transactions."""
    deadline = time.monotonic() + SEARCH_SECONDS
    while time.monotonic() < deadline:
        with engine.connect() as connection:
            pid = connection.execute(text(FIND_HOLDER), {"job": job_id}).scalar()
        if pid is None:
            time.sleep(0.05)
            continue
        os.kill(int(pid), signal.SIGSTOP)
        if not _is_blocking(engine):
            return int(pid)
        # A machine that stops inside a transaction of SQLite is the outage of everybody.
        os.kill(int(pid), signal.SIGCONT)
        time.sleep(0.2)
    raise AssertionError(f"No worker took the job within {SEARCH_SECONDS:.0f} s.")


def _is_blocking(engine: Engine) -> bool:
    if engine.dialect.name != "sqlite":
        # PostgreSQL ends a transaction that stands still.
        return False
    try:
        with engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA busy_timeout = 1000")
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            connection.exec_driver_sql("ROLLBACK")
    except OperationalError:
        return True
    return False
