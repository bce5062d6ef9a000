"""A worker that stands still inside its claim, holding the locks of rows."""

import contextlib
import os
import signal
import time
from typing import TYPE_CHECKING

import psutil

from chaos.journal import Fault
from chaos.scene import Scene

if TYPE_CHECKING:
    import psycopg


SEARCH_SECONDS = 20.0
STOPPED_SECONDS = 20.0
UNWATCHED_SECONDS = 6.0
JOBS_OF_OTHERS = 3
# `idle in transaction`: between two statements, so that it holds locks of rows and no others.
FIND_CLAIM = """
    SELECT l.pid, a.client_port FROM pg_locks l
    JOIN pg_class c ON c.oid = l.relation
    JOIN pg_stat_activity a ON a.pid = l.pid
    WHERE c.relname = 'account_turns' AND l.mode = 'RowShareLock' AND l.granted
    AND a.state = 'idle in transaction'
"""
FIND_FREE_ACCOUNTS = """
    SELECT a.name FROM account_turns t JOIN accounts a ON a.id = t.user_id
    ORDER BY a.name FOR UPDATE OF t SKIP LOCKED
"""


def stop_claiming_worker(scene: Scene) -> None:
    """SIGSTOP a worker and its backend inside a claim, with the locks of its rows."""
    _stop_claiming_worker(scene, is_watched=False)


def stop_claiming_worker_and_watch(scene: Scene) -> None:
    """The same where nothing else is hurt: the accounts it does not serve must go on."""
    _stop_claiming_worker(scene, is_watched=True)


def _stop_claiming_worker(scene: Scene, *, is_watched: bool) -> None:
    assert scene.database is not None
    with scene.worker_lock, scene.database_lock:
        if is_watched:
            # Work to claim, and somebody whom the stopped claim does not concern.
            for account in scene.client.accounts * JOBS_OF_OTHERS:
                scene.traffic.send_one(account=account, is_long=False)
        found = _stop_a_claim(scene)
        if found is None:
            return
        fault = scene.journal.add(Fault(kind="worker stopped inside its claim", is_database=True))
        started = time.monotonic()
        try:
            if is_watched:
                _check_others(scene, fault, started)
            else:
                time.sleep(UNWATCHED_SECONDS)
        finally:
            for pid in found:
                _signal(pid, signal.SIGCONT)
            fault.until = time.time()


def _check_others(scene: Scene, fault: Fault, started: float) -> None:
    others = _list_others(scene)
    assert others, "Every account's row was locked: one claim locks one."
    # One each, behind what they sent before: two cores have done it long before the time is up.
    sent = [scene.traffic.send_one(account=account, is_long=False) for account in others]
    while time.monotonic() - started < STOPPED_SECONDS:
        if all(scene.client.read_state(each) == "completed" for each in sent):
            return
        time.sleep(0.3)
    fault.violations.append(
        f"a worker stopped inside its claim kept jobs of {' and '.join(others)} waiting"
        f" for {STOPPED_SECONDS:.0f} s"
    )


def _list_others(scene: Scene) -> list[str]:
    """The accounts whose rows the stopped claim has not locked."""
    assert scene.database is not None
    with scene.database.connect() as connection, connection.transaction():
        free = connection.execute(FIND_FREE_ACCOUNTS.encode()).fetchall()
    return [str(row[0]) for row in free]


def _stop_a_claim(scene: Scene) -> tuple[int, int] | None:
    assert scene.database is not None
    deadline = time.monotonic() + SEARCH_SECONDS
    with scene.database.connect() as connection:
        while time.monotonic() < deadline:
            for backend, port in _list_claims(connection):
                worker = _find_worker(scene, port)
                if worker is None:
                    continue
                _signal(backend, signal.SIGSTOP)
                _signal(worker, signal.SIGSTOP)
                if (backend, port) in _list_claims(connection):
                    return backend, worker
                _signal(backend, signal.SIGCONT)
                _signal(worker, signal.SIGCONT)
    return None


def _list_claims(connection: "psycopg.Connection[tuple[object, ...]]") -> list[tuple[int, int]]:
    rows = connection.execute(FIND_CLAIM.encode()).fetchall()
    return [(int(str(row[0])), int(str(row[1]))) for row in rows]


def _find_worker(scene: Scene, port: int) -> int | None:
    for pid in scene.stack.list_workers():
        with contextlib.suppress(psutil.Error):
            if any(each.laddr.port == port for each in psutil.Process(pid).net_connections()):
                return pid
    return None


def _signal(pid: int, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, number)
