"""Looking at parts that may not answer: all at once, and for so long."""

import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future, wait
from dataclasses import dataclass
from typing import Any

import structlog
from sqlalchemy.exc import SQLAlchemyError

from transcriber.engine.errors import EngineError
from transcriber.infra.errors import ServiceError

SECONDS = 1.8
"""All checks run side by side; with what is done beside them an answer takes two seconds."""
NO_ANSWER = "There was no answer within two seconds."

_log = structlog.stdlib.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a check gave, or one sentence on why it gave nothing."""

    value: Any
    problem: str | None


class BoundedChecks:
    """Runs each check in a thread of its own, and never the same one twice at a time.

    A check that hangs keeps its thread until it ends; whoever asks meanwhile waits for that one
    within the bound, so that a part which is silent for hours costs one thread.

    Args:
        seconds: How long to wait.

    Attributes:
        seconds: As given.
    """

    def __init__(self, seconds: float = SECONDS) -> None:
        self.seconds = seconds
        self._lock = threading.Lock()
        self._running: dict[str, Future[Any]] = {}

    def run(
        self, checks: Mapping[str, Callable[[], Any]], seconds: float | None = None
    ) -> dict[str, Outcome]:
        """The outcome of each check by its name, within the bound or a shorter one."""
        deadline = time.monotonic() + min(self.seconds, seconds or self.seconds)
        futures = {name: self._begin(name, check) for name, check in checks.items()}
        wait(futures.values(), max(0.0, deadline - time.monotonic()))
        return {name: _read(name, future) for name, future in futures.items()}

    def _begin(self, name: str, check: Callable[[], Any]) -> Future[Any]:
        with self._lock:
            known = self._running.get(name)
            if known is not None and not known.done():
                return known
            future = self._running[name] = Future()
        threading.Thread(
            target=_carry_out, args=(check, future), name=f"check-{name}", daemon=True
        ).start()
        return future


def _carry_out(check: Callable[[], Any], future: "Future[Any]") -> None:
    try:
        future.set_result(check())
    except BaseException as error:  # noqa: BLE001 -- whoever asks is told of it
        future.set_exception(error)


def _read(name: str, future: "Future[Any]") -> Outcome:
    if not future.done():
        return Outcome(None, NO_ANSWER)
    error = future.exception()
    return Outcome(future.result(), None) if error is None else Outcome(None, _tell(name, error))


def _tell(name: str, error: BaseException) -> str:
    """One sentence that names no address; the log has the rest."""
    if isinstance(error, EngineError):
        return str(error)
    if not isinstance(error, SQLAlchemyError | ServiceError | OSError):
        _log.error("check_failed", check=name, exc_info=error)
        return "The check failed unexpectedly; the log says why."
    _log.warning("check_failed", check=name, error=str(error))
    if isinstance(error, ServiceError):
        return error.title
    if isinstance(error, OSError):
        return f"It cannot be read: {error.strerror or type(error).__name__}."
    return "The database does not answer."
