"""Faults of workers and of the API."""

import contextlib
import os
import signal
import time

from chaos.journal import Fault
from chaos.rows import DATABASE_ERRORS
from chaos.scene import Scene

SETTLE_SECONDS = 5.0


def kill_worker(scene: Scene) -> None:
    """SIGKILL a worker, mostly one that holds a span."""
    _end_worker(scene, "worker killed", signal.SIGKILL)


def crash_worker(scene: Scene) -> None:
    """SIGSEGV, as a fault in a native library."""
    _end_worker(scene, "worker crashed", signal.SIGSEGV)


def drain_worker(scene: Scene) -> None:
    """SIGTERM: it gives its span back and ends."""
    pid = scene.find_worker()
    if pid is None:
        return
    fault = scene.note_loss("worker drained", [pid], is_loss=False)
    _signal(pid, signal.SIGTERM)
    time.sleep(0.5)
    # What it had just claimed when the signal came.
    fault.held += [
        span for span in scene.list_held([pid]) if not fault.has_hit(span.key, span.attempt)
    ]


def stop_worker_past_its_lease(scene: Scene) -> None:
    """SIGSTOP a worker until its work is somebody else's, then SIGCONT: a zombie that writes."""
    with scene.worker_lock:
        pid = scene.find_worker()
        if pid is None:
            return
        _signal(pid, signal.SIGSTOP)
        fault = scene.note_loss("worker stopped past its lease", [pid])
        pace = scene.pace
        time.sleep(pace.lease + pace.reconcile + SETTLE_SECONDS * scene.rng.random())
        _signal(pid, signal.SIGCONT)
        fault.until = time.time()


def stop_worker_until_replaced(scene: Scene) -> None:
    """SIGSTOP a worker until another holds its span, then let both write: only one may."""
    with scene.worker_lock:
        pid = scene.find_worker()
        if pid is None:
            return
        _signal(pid, signal.SIGSTOP)
        fault = scene.note_loss("worker stopped until replaced", [pid])
        deadline = time.monotonic() + scene.pace.lease + 2 * scene.pace.reconcile + SETTLE_SECONDS
        while time.monotonic() < deadline and not _is_replaced(scene, fault):
            time.sleep(0.05)
        _signal(pid, signal.SIGCONT)
        fault.until = time.time()


def kill_api(scene: Scene) -> None:
    """SIGKILL `serve`: its own workers and the embedded broker die with it, others go on."""
    pid = scene.stack.find_api()
    if pid is None:
        return
    outside = {kept.process.pid for kept in scene.stack.workers if kept.process is not None}
    inside = [worker for worker in scene.stack.list_workers() if worker not in outside]
    _signal(pid, signal.SIGKILL)
    time.sleep(0.05)
    scene.note_loss("API killed", inside).is_outage = not outside


def kill_everything(scene: Scene) -> None:
    """SIGKILL every process of the service at once."""
    workers = scene.stack.list_workers()
    scene.stack.kill_everything()
    time.sleep(0.05)
    scene.note_loss("whole service killed", workers).is_outage = True


def _end_worker(scene: Scene, kind: str, number: signal.Signals) -> None:
    pid = scene.find_worker()
    if pid is None:
        return
    _signal(pid, number)
    scene.note_loss(kind, [pid])


def _is_replaced(scene: Scene, fault: Fault) -> bool:
    with contextlib.suppress(*DATABASE_ERRORS):
        attempts = {span.key: span.attempt for span in scene.rows.list_running()}
        return all(attempts.get(span.key, 0) > span.attempt for span in fault.held)
    return False


def _signal(pid: int, number: signal.Signals) -> None:
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return
