"""Faults of PostgreSQL."""

import contextlib
import os
import signal
import time

import psycopg

from chaos.journal import Fault
from chaos.scene import Scene

DOWN_SECONDS = 2.0
STOPPED_SECONDS = 5.0


def kill_postgres(scene: Scene) -> None:
    """SIGKILL the postmaster, then start it over its files."""
    database = scene.database
    assert database is not None
    with scene.database_lock:
        fault = _note(scene, "PostgreSQL killed")
        fault.is_outage = True
        database.kill()
        time.sleep(DOWN_SECONDS * scene.rng.random())
        database.start()
        fault.until = time.time()


def stop_backend(scene: Scene) -> None:
    """SIGSTOP one connection's process, with whatever locks it holds."""
    database = scene.database
    assert database is not None
    with scene.database_lock, contextlib.suppress(psycopg.OperationalError):
        backends = database.list_backends()
        if not backends:
            return
        pid = scene.rng.choice(backends)
        fault = _note(scene, "PostgreSQL backend stopped")
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGSTOP)
            time.sleep(STOPPED_SECONDS * (0.5 + scene.rng.random()))
            os.kill(pid, signal.SIGCONT)
        fault.until = time.time()


def end_connections(scene: Scene) -> None:
    """`pg_terminate_backend` of half of the connections."""
    database = scene.database
    assert database is not None
    with scene.database_lock, contextlib.suppress(psycopg.OperationalError):
        backends = [pid for pid in database.list_backends() if scene.rng.random() < 0.5]
        fault = _note(scene, "PostgreSQL connections ended")
        fault.detail = f"{len(backends)} connections"
        with database.connect() as connection:
            for pid in backends:
                connection.execute("SELECT pg_terminate_backend(%s)", [pid])
        fault.until = time.time()


def _note(scene: Scene, kind: str) -> Fault:
    return scene.journal.add(Fault(kind=kind, is_database=True))
