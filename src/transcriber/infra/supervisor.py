"""Keeps child processes running, and stops them in order."""

import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import structlog

from transcriber.infra.tether import build_tethered_command

POLL_SECONDS = 0.2
FIRST_BACKOFF_SECONDS = 0.5
MAX_BACKOFF_SECONDS = 30.0
# A child that ran this long had a good start: its next death begins a new series.
STEADY_SECONDS = 60.0
# However a child ends, it is not started more often than this.
LEAST_SECONDS_BETWEEN_STARTS = 2.0
READY_SECONDS = 10.0

_log = structlog.stdlib.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class ChildPlan:
    """What to run and how to end it.

    Attributes:
        name: In the log.
        command: Absolute program and arguments.
        environment: Added to ours.
        stop_seconds: How long it may take after SIGTERM before SIGKILL.
        is_ready: Asked before the next child is started; None when nothing waits for it.
        restart_at_once: Exit statuses that are no fault: no pause, and no alarm in the log.
    """

    name: str
    command: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict[str, str])
    stop_seconds: float = 10.0
    is_ready: Callable[[], bool] | None = None
    restart_at_once: frozenset[int] = frozenset()


@dataclass(slots=True)
class _Child:
    plan: ChildPlan
    process: "subprocess.Popen[bytes] | None" = None
    started_at: float = 0.0
    restart_at: float = 0.0
    backoff: float = FIRST_BACKOFF_SECONDS


class Supervisor:
    """Runs the plans' processes from one thread, which lives as long as they do.

    The kernel ties a child to the thread that spawned it, so none may be spawned elsewhere.

    Args:
        plans: In the order of their start; they are stopped in reverse.
    """

    def __init__(self, plans: Sequence[ChildPlan]) -> None:
        self._children = [_Child(plan) for plan in plans]
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="supervisor")

    def start(self) -> None:
        """Begin; returns at once."""
        self._thread.start()

    def begin_stop(self) -> None:
        """Ask every child to end; returns at once and may be called from a signal handler."""
        self._stopping.set()

    def wait(self) -> None:
        """Return when every child has ended after `begin_stop`; signal handlers run meanwhile."""
        self._thread.join()

    def stop(self) -> None:
        """End every child and wait for it."""
        self._stopping.set()
        if self._thread.ident is not None:
            self._thread.join()

    def list_pids(self) -> dict[str, int]:
        """Process ids of the children that run."""
        return {
            child.plan.name: child.process.pid
            for child in self._children
            if child.process is not None and child.process.poll() is None
        }

    def _run(self) -> None:
        try:
            for child in self._children:
                self._spawn(child)
                self._await_ready(child)
            while not self._stopping.wait(POLL_SECONDS):
                for child in self._children:
                    self._revive(child)
        finally:
            self._stop_children()

    def _spawn(self, child: _Child) -> None:
        if self._stopping.is_set():
            return
        child.started_at = time.monotonic()
        try:
            child.process = _start_process(child.plan)
        except OSError as error:
            # Out of memory or of processes; that passes, and the API goes on meanwhile.
            _log.error("child_not_started", child=child.plan.name, error=str(error))
            self._plan_restart(child)
        else:
            _log.info("child_started", child=child.plan.name, pid=child.process.pid)

    def _await_ready(self, child: _Child) -> None:
        is_ready = child.plan.is_ready
        deadline = time.monotonic() + READY_SECONDS
        while is_ready is not None and not is_ready() and time.monotonic() < deadline:
            if self._stopping.wait(0.02):
                return
            self._revive(child)

    def _revive(self, child: _Child) -> None:
        now = time.monotonic()
        if child.process is not None:
            code = child.process.poll()
            if code is None:
                return
            child.process = None
            if code in child.plan.restart_at_once:
                _log.info("child_ended", child=child.plan.name, exit_code=code)
                child.restart_at = child.started_at + LEAST_SECONDS_BETWEEN_STARTS
                return
            if now - child.started_at > STEADY_SECONDS:
                child.backoff = FIRST_BACKOFF_SECONDS
            _log.error(
                "child_died", child=child.plan.name, exit_code=code, restart_in_s=child.backoff
            )
            self._plan_restart(child)
        elif now >= child.restart_at:
            self._spawn(child)

    def _plan_restart(self, child: _Child) -> None:
        child.restart_at = time.monotonic() + child.backoff
        child.backoff = min(child.backoff * 2, MAX_BACKOFF_SECONDS)

    def _stop_children(self) -> None:
        # Equal plans (the workers) drain side by side; a broker waits until they have.
        for group in reversed(_group_by_stop(self._children)):
            for child in group:
                _signal(child, signal.SIGTERM)
            deadline = time.monotonic() + max(child.plan.stop_seconds for child in group)
            for child in group:
                _await_end(child, deadline)


def _start_process(plan: ChildPlan) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(  # noqa: S603 -- the commands are our own
        build_tethered_command(list(plan.command)),
        env={**os.environ, **plan.environment},
        stdin=subprocess.DEVNULL,
        # Standard output is for the operator: the address and the first password.  Children log
        # to standard error; what Celery prints beside that would only break up the JSON lines.
        stdout=subprocess.DEVNULL,
        # A Ctrl-C in the terminal reaches only us: we end them in order.
        start_new_session=True,
    )


def _group_by_stop(children: list[_Child]) -> list[list[_Child]]:
    groups: list[list[_Child]] = []
    for child in children:
        if groups and groups[-1][0].plan.command == child.plan.command:
            groups[-1].append(child)
        else:
            groups.append([child])
    return groups


def _signal(child: _Child, number: signal.Signals) -> None:
    if child.process is not None and child.process.poll() is None:
        child.process.send_signal(number)


def _await_end(child: _Child, deadline: float) -> None:
    if child.process is None:
        return
    try:
        child.process.wait(max(0.0, deadline - time.monotonic()))
    except subprocess.TimeoutExpired:
        _log.error("child_killed", child=child.plan.name)
        child.process.kill()
        child.process.wait()
