"""Waiting, in a test, for what another thread or process is about to do."""

import time
from collections.abc import Callable

import psutil


def wait_until(is_true: Callable[[], object], seconds: float = 60.0) -> None:
    """Return as soon as it is true; the deadline is only there to end a test that would hang."""
    deadline = time.monotonic() + seconds
    while not is_true():
        assert time.monotonic() < deadline, f"It did not come about in {seconds:g} s."
        time.sleep(0.02)


def is_gone(pid: int) -> bool:
    """Whether a process has ended, collected or not; one just killed may run a moment longer."""
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True
