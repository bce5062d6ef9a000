"""Running Celery's consumer in this very process, and ending it within a bound."""

import os
import threading
import warnings
from collections.abc import Callable
from typing import Any

import structlog
from celery import Celery, signals
from celery.exceptions import CPendingDeprecationWarning
from celery.platforms import SecurityWarning

DRAIN_SECONDS = 28.0
"""SIGTERM to exit takes at most 30 s; the rest is for closing connections."""
DRAIN_EXCEEDED_STATUS = 75
"""EX_TEMPFAIL of sysexits.h: the lease runs out and the work goes elsewhere."""

_log = structlog.stdlib.get_logger(__name__)


def run_consumer(celery: Celery, *, on_stopping: Callable[[], None]) -> int:
    """Take tokens until SIGTERM or SIGINT; gives the exit status.

    The pool is `solo`: one process works on one token, in its main thread.  Nothing forks after
    the model library has started its threads, and a crash takes one slice with it, not a pool.

    Args:
        celery: The application with its task.
        on_stopping: Called from the signal handler when the process is asked to stop.
    """

    def begin_drain(**_details: Any) -> None:
        on_stopping()
        watchdog = threading.Timer(DRAIN_SECONDS, _give_up)
        watchdog.daemon = True
        watchdog.start()

    def keep_logging(**_details: Any) -> None:
        """Celery configures logging itself unless somebody listens to this signal."""

    # Containers run as root; the warning is about pickle, and only JSON is accepted here.
    warnings.filterwarnings("ignore", category=SecurityWarning)
    # At every lost connection it explains a setting that `celery_app` chooses on purpose.
    warnings.filterwarnings("ignore", category=CPendingDeprecationWarning)
    signals.worker_shutting_down.connect(begin_drain, weak=False)
    signals.setup_logging.connect(keep_logging, weak=False)
    try:
        worker = celery.Worker(
            pool="solo",
            # Celery's event loop sometimes comes back deaf from a lost broker: connected, waiting,
            # and asking for nothing.  The blocking loop begins afresh each time.
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


def _give_up() -> None:
    # The slice hangs in a library call that no signal interrupts.
    _log.error("drain_exceeded", seconds=DRAIN_SECONDS)
    os._exit(DRAIN_EXCEEDED_STATUS)
