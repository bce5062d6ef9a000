"""Running Celery's consumer in this very process, and ending it within a bound."""

import signal
import threading
import warnings
from collections.abc import Callable
from types import FrameType
from typing import Any

import structlog
from celery import Celery, bootsteps, signals
from celery.exceptions import CPendingDeprecationWarning
from celery.platforms import SecurityWarning
from celery.utils.threads import bound_open_broker_sockets
from celery.worker import state  # pyright: ignore[reportMissingTypeStubs] -- the stubs lack it

from transcriber.infra.exit_status import ExitStatus, end_process_tree
from transcriber.infra.signals import STOP_SIGNALS, notice_stop_signals

DRAIN_SECONDS = 28.0
"""SIGTERM to exit takes at most 30 s; the rest is for closing connections."""
GOODBYE_SECONDS = 2.0
"""How long a broker may take to answer when its connection is closed; a silent one never does."""

_log = structlog.stdlib.get_logger(__name__)
_state: Any = state


class BoundedGoodbye(bootsteps.StartStopStep):
    """Bounds the open connection before Celery says goodbye on it, and waits for the answer."""

    requires = ("celery.worker.consumer.tasks:Tasks",)

    def stop(self, parent: Any) -> None:
        """Called before the consumer is cancelled, by Celery."""
        if parent.connection is not None:
            bound_open_broker_sockets(parent.connection, GOODBYE_SECONDS)


class Drain:
    """The way from the first wish to stop to the end of the process, which comes in time.

    Args:
        on_stopping: Called once, at the first wish.
        end_process: Ends the process with a status, at the bound.
    """

    def __init__(
        self, on_stopping: Callable[[], None], end_process: Callable[[ExitStatus], None]
    ) -> None:
        self._on_stopping = on_stopping
        self._end_process = end_process
        self._lock = threading.Lock()
        self._watchdog: threading.Timer | None = None

    def begin(self) -> None:
        """Start the clock; a second wish changes nothing."""
        with self._lock:
            if self._watchdog is not None:
                return
            self._watchdog = threading.Timer(DRAIN_SECONDS, self._give_up)
            self._watchdog.daemon = True
            self._watchdog.start()
        self._on_stopping()

    def _give_up(self) -> None:
        # The work hangs in a library call that no signal ends, or a connection does not close.
        _log.error("drain_exceeded", seconds=DRAIN_SECONDS)
        self._end_process(ExitStatus.DRAIN_EXCEEDED)


def heed_early_stop() -> None:
    """Have SIGTERM and SIGINT stop the consumer that this process has yet to start.

    Before Celery has installed its own handlers a signal would end the process where it stands,
    and what it has written down of itself would stay.  Celery looks at the mark set here before it
    takes a token, so a signal means the same at any moment.
    """
    for number in STOP_SIGNALS:
        signal.signal(number, _mark_stopping)


def is_stop_asked() -> bool:
    """Whether a signal has asked for it before the consumer began."""
    return _state.should_stop is not None


def run_consumer(
    celery: Celery,
    *,
    on_stopping: Callable[[], None],
    end_process: Callable[[ExitStatus], None] = end_process_tree,
) -> int:
    """Take tokens until SIGTERM or SIGINT; gives the exit status.

    The pool is `solo`: one process works on one token, in its main thread.  Nothing forks after
    the model library has started its threads, and a crash takes one slice with it, not a pool.
    After the consumer has ended, the clock of the drain runs on: closing connections is part of it.

    Args:
        celery: The application with its task.
        on_stopping: Called from a thread as soon as the process is asked to stop, also while the
            main thread is inside a library call.
        end_process: Ends a process that did not stop in time.
    """
    drain = Drain(on_stopping, end_process)

    def begin_drain(**_details: Any) -> None:
        drain.begin()

    def keep_logging(**_details: Any) -> None:
        """Celery configures logging itself unless somebody listens to this signal."""

    # Containers run as root; the warning is about pickle, and only JSON is accepted here.
    warnings.filterwarnings("ignore", category=SecurityWarning)
    # At every lost connection it explains a setting that `celery_app` chooses on purpose.
    warnings.filterwarnings("ignore", category=CPendingDeprecationWarning)
    celery.steps["consumer"].add(BoundedGoodbye)
    signals.worker_shutting_down.connect(begin_drain, weak=False)
    signals.setup_logging.connect(keep_logging, weak=False)
    try:
        with notice_stop_signals(drain.begin):
            if is_stop_asked():
                drain.begin()
            worker = celery.Worker(
                pool="solo",
                # Celery's event loop sometimes comes back deaf from a lost broker: connected,
                # waiting, and asking for nothing.  The blocking loop begins afresh each time.
                use_eventloop=False,
                concurrency=1,
                without_gossip=True,
                without_mingle=True,
                without_heartbeat=True,
                quiet=True,
            )
            worker.start()
        return worker.exitcode or 0
    finally:
        signals.worker_shutting_down.disconnect(begin_drain)
        signals.setup_logging.disconnect(keep_logging)


def _mark_stopping(_number: int, _frame: FrameType | None) -> None:
    _state.should_stop = ExitStatus.DONE
