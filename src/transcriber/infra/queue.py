"""Publishing tokens of runnable work: a hint that something waits, never the work itself."""

import contextlib
import queue as queues
import threading
import time
from contextlib import AbstractContextManager
from typing import Any, Protocol

import structlog
from celery import Celery

from transcriber.infra.celery_app import QUEUE_NAME, TASK_NAME, build_celery
from transcriber.infra.settings import Settings

MAX_WAITING_TOKENS = 10_000
PUBLISH_TIMEOUT_SECONDS = 2.0
# The client tries twice and reads twice each time: a frozen Redis is given up after three seconds.
PING_TIMEOUT_SECONDS = 0.5
MISSING_QUEUE = "404"
"""What brokers of either kind call a queue that they do not have."""

_log = structlog.stdlib.get_logger(__name__)

Token = tuple[str, int | None]


class Queue(Protocol):
    """Where tokens go; a lost token is published again by the reconciler."""

    def publish(self, job_id: str, span_index: int | None = None) -> None:
        """Say that this job, or this span of it, may be worked on.  Never blocks, never raises."""
        ...

    def ping(self) -> bool:
        """Whether the broker answers within about three seconds."""
        ...

    def count_tokens(self) -> int | None:
        """How many tokens no worker has taken yet; None where the broker does not say.

        Takes as long as `ping` at most.
        """
        ...

    def close(self) -> None:
        """Send what waits, for at most two seconds, and let the thread and connections go.

        What could not be sent by then is dropped and counted in the log.
        """
        ...


class CeleryQueue:
    """Tokens on a Celery broker, sent from one background thread.

    The thread is the bound: a broker that is down, or accepts and never answers, costs the
    request that queued a job nothing at all.
    """

    def __init__(self, celery: Celery) -> None:
        self._celery = celery
        self._waiting: queues.Queue[Token | None] = queues.Queue(MAX_WAITING_TOKENS)
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def publish(self, job_id: str, span_index: int | None = None) -> None:
        """Hand the token to the sending thread."""
        try:
            self._waiting.put_nowait((job_id, span_index))
        except queues.Full:
            _log.warning("token_dropped", job_id=job_id, span=span_index)
            return
        self._ensure_thread()

    def ping(self) -> bool:
        """Open a fresh connection to the broker: a pooled one may only look alive."""
        try:
            with self._connect() as connection:
                connection.connect()
        except Exception as error:  # noqa: BLE001 -- each transport raises its own kinds
            _log.warning("broker_away", error=str(error))
            return False
        return True

    def count_tokens(self) -> int | None:
        """Ask over a fresh connection, as `ping` does."""
        try:
            with self._connect() as connection:
                channel: Any = connection.channel()  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType] -- each transport has its own
                found = channel.queue_declare(QUEUE_NAME, passive=True)
        except Exception as error:  # noqa: BLE001 -- each transport raises its own kinds
            # Redis drops a queue with its last token.
            if str(getattr(error, "reply_code", "")) == MISSING_QUEUE:
                return 0
            _log.warning("broker_away", error=str(error))
            return None
        return int(found.message_count)

    def close(self) -> None:
        """Wait for the thread to empty the queue, within the bound, and end it."""
        deadline = time.monotonic() + PUBLISH_TIMEOUT_SECONDS
        while self._waiting.unfinished_tasks and time.monotonic() < deadline:
            time.sleep(0.01)
        self._drop_waiting()
        self._end_thread()
        with contextlib.suppress(OSError):
            self._celery.close()

    def _connect(self) -> AbstractContextManager[Any]:
        return self._celery.connection_for_write(
            connect_timeout=PING_TIMEOUT_SECONDS,
            transport_options={
                "socket_timeout": PING_TIMEOUT_SECONDS,
                "socket_connect_timeout": PING_TIMEOUT_SECONDS,
            },
        )

    def _drop_waiting(self) -> None:
        dropped = 0
        with contextlib.suppress(queues.Empty):
            while True:
                self._waiting.get_nowait()
                self._waiting.task_done()
                dropped += 1
        if dropped:
            _log.warning("tokens_dropped", tokens=dropped)

    def _end_thread(self) -> None:
        with self._lock:
            thread, self._thread = self._thread, None
        if thread is not None:
            self._waiting.put(None)
            thread.join(PUBLISH_TIMEOUT_SECONDS)

    def _ensure_thread(self) -> None:
        with self._lock:
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(
                    target=self._send_waiting, name="queue-publisher", daemon=True
                )
                self._thread.start()

    def _send_waiting(self) -> None:
        while (token := self._waiting.get()) is not None:
            job_id, span_index = token
            try:
                self._celery.send_task(
                    TASK_NAME,
                    kwargs={"job_id": job_id, "span_index": span_index},
                    retry=True,
                    retry_policy={"max_retries": 1, "interval_start": 0.2, "interval_step": 0},
                    timeout=PUBLISH_TIMEOUT_SECONDS,
                    confirm_timeout=PUBLISH_TIMEOUT_SECONDS,
                )
            except Exception as error:  # noqa: BLE001 -- each transport raises its own kinds
                _log.warning("publish_failed", job_id=job_id, span=span_index, error=str(error))
            finally:
                self._waiting.task_done()
        self._waiting.task_done()


def build_queue(settings: Settings) -> Queue:
    """The queue the settings name; nothing is connected before the first token."""
    return CeleryQueue(build_celery(settings))
