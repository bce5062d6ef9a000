"""Something done again and again in the background, whatever happened the last time."""

import threading
import time
from collections.abc import Callable, Sequence

import structlog
from sqlalchemy.exc import OperationalError

_log = structlog.stdlib.get_logger(__name__)


class PeriodicThread:
    """Calls `action`, waits, and calls it again until stopped.

    Args:
        name: Of the thread, and in the log.
        seconds: Pause between two calls.
        action: An exception it raises is logged, and ends nothing; one that is no outage of the
            database with its traceback.
    """

    def __init__(self, name: str, seconds: float, action: Callable[[], object]) -> None:
        self._name = name
        self._seconds = seconds
        self._action = action
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        """Begin with a first call at once."""
        self._thread.start()

    def stop(self, timeout_seconds: float = 5.0) -> None:
        """Begin no further call, and wait for the one that runs."""
        self.begin_stop()
        self._thread.join(timeout_seconds)

    def begin_stop(self) -> None:
        """Begin no further call; returns at once."""
        self._stopping.set()

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                self._action()
            except OperationalError as error:
                _log.warning("periodic_failed", thread=self._name, error=str(error))
            except Exception:  # noqa: BLE001 -- the next round may do better; a dead thread never
                _log.exception("periodic_failed", thread=self._name)
            self._stopping.wait(self._seconds)


def stop_all(threads: Sequence[PeriodicThread], timeout_seconds: float = 5.0) -> None:
    """Stop them side by side: what they wait for may be one and the same silent server."""
    deadline = time.monotonic() + timeout_seconds
    for thread in threads:
        thread.begin_stop()
    for thread in threads:
        thread.stop(max(0.0, deadline - time.monotonic()))
