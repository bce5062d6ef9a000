"""Faults of SQLite: its one writer stops while it writes."""

import contextlib
import os
import re
import signal
import time
from pathlib import Path

from chaos.journal import Fault
from chaos.scene import Scene

SEARCH_SECONDS = 8.0
STOPPED_SECONDS = 6.0
WRITE_LOCK_BYTE = "120"
"""Where a writer of a WAL database holds its lock in the `-shm` file (SQLite's file format)."""
_LOCK = re.compile(r"POSIX +ADVISORY +WRITE +(\d+) +\w+:\w+:(\d+) +(\d+) +(\d+)")


def stop_writer(scene: Scene) -> None:
    """SIGSTOP a process inside its write transaction, for about the others' patience."""
    with scene.database_lock:
        pid = _stop_a_writer(Path(f"{scene.stack.sqlite_file}-shm"))
        if pid is None:
            return
        fault = scene.journal.add(
            Fault(kind="SQLite writer stopped", is_database=True, is_outage=True)
        )
        time.sleep(STOPPED_SECONDS * (0.3 + scene.rng.random()))
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGCONT)
        fault.until = time.time()


def _stop_a_writer(shared_memory: Path) -> int | None:
    deadline = time.monotonic() + SEARCH_SECONDS
    while time.monotonic() < deadline:
        pid = find_writer(shared_memory)
        if pid is None:
            continue
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGSTOP)
            if find_writer(shared_memory) == pid:
                return pid
            os.kill(pid, signal.SIGCONT)
    return None


def find_writer(shared_memory: Path) -> int | None:
    """The process that holds the write lock now, as the kernel lists it."""
    try:
        inode = str(shared_memory.stat().st_ino)
        locks = Path("/proc/locks").read_text()
    except OSError:
        return None
    for pid, found, first, last in _LOCK.findall(locks):
        if found == inode and first <= WRITE_LOCK_BYTE <= last and len(first) == len(last) == 3:
            return int(pid)
    return None
