"""Sending messages from threads of the worker process, beside its work and never in its way."""

import json
import threading
import time

import structlog
from sqlalchemy.exc import SQLAlchemyError

from transcriber.infra.clock import read_database_time
from transcriber.infra.context import Context
from transcriber.infra.errors import ServiceError
from transcriber.webhooks.deliveries import Message, forget_old, note_outcome, take_due
from transcriber.webhooks.posting import DEADLINE_SECONDS, Outcome, post_message
from transcriber.webhooks.repository import find_due
from transcriber.webhooks.signing import sign_message
from transcriber.webhooks.targets import check_allowed, read_target

ROUND_SECONDS = 2.0
MAX_THREADS = 8
"""A receiver that never answers holds one of them for ten seconds; each webhook has one at most."""

_log = structlog.stdlib.get_logger(__name__)


class WebhookSender:
    """Sends what is due; call `send_due` again and again.

    Args:
        context: The process's parts.
        deadline_seconds: For one message, from connecting to the answer's status.
    """

    def __init__(self, context: Context, *, deadline_seconds: float = DEADLINE_SECONDS) -> None:
        self._context = context
        self._deadline_seconds = deadline_seconds
        self._lock = threading.Lock()
        self._busy_webhooks: set[str] = set()

    def send_due(self) -> None:
        """Begin to send what is due; returns without waiting for any receiver.

        Raises:
            sqlalchemy.exc.OperationalError: the database is away; nothing is lost by that.
        """
        if not self._context.settings.webhook_allowed_hosts or self._context.draining.is_set():
            return
        busy = self.list_busy()
        free = MAX_THREADS - len(busy)
        if free <= 0:
            return
        # A look costs no write lock: mostly there is nothing to send.
        with self._context.database.snapshot() as session:
            if not find_due(session, read_database_time(session), without_webhooks=busy, limit=1):
                return
        with self._context.database.unit_of_work() as uow:
            now = read_database_time(uow.session)
            messages = take_due(uow.session, now, without_webhooks=busy, limit=free)
            forget_old(uow.session, now)
        for message in messages:
            with self._lock:
                self._busy_webhooks.add(message.webhook_id)
            # A daemon: the process may end at any time, and the message is sent again then.
            threading.Thread(
                target=self._deliver, args=(message,), name="webhook", daemon=True
            ).start()

    def list_busy(self) -> set[str]:
        """Ids of the webhooks whose receivers are being waited for."""
        with self._lock:
            return set(self._busy_webhooks)

    def _deliver(self, message: Message) -> None:
        try:
            outcome = self._post(message)
            with self._context.database.unit_of_work() as uow:
                note_outcome(uow.session, message, outcome, read_database_time(uow.session))
            _log.info("webhook_sent", delivery=message.id, attempt=message.attempt)
        except SQLAlchemyError as error:
            # What was sent is sent once more later; receivers know it by its id.
            _log.warning("webhook_outcome_lost", delivery=message.id, error=str(error))
        finally:
            with self._lock:
                self._busy_webhooks.discard(message.webhook_id)

    def _post(self, message: Message) -> Outcome:
        try:
            target = read_target(message.url)
            check_allowed(target, self._context.settings.webhook_allowed_hosts)
        except ServiceError as error:
            return Outcome(None, error.detail)
        body = json.dumps(message.payload).encode()
        headers = sign_message(message.secret, message.id, int(time.time()), body)
        headers["Content-Type"] = "application/json"
        headers["User-Agent"] = "whisper-transcriber"
        return post_message(target, body, headers, deadline_seconds=self._deadline_seconds)
