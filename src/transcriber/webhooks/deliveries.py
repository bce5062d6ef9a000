"""Taking messages that are due, and noting what came of them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from transcriber.infra.ownership import for_everybody
from transcriber.webhooks import repository
from transcriber.webhooks.models import Webhook, WebhookDelivery
from transcriber.webhooks.posting import DEADLINE_SECONDS, Outcome
from transcriber.webhooks.states import DeliveryState

SENDING_TIME = timedelta(seconds=6 * DEADLINE_SECONDS)
"""How long a message is left to the process that took it: resolving a name may take long too."""
PAUSES = tuple(timedelta(seconds=each) for each in (5, 30, 120, 600, 3_600, 10_800, 43_200))
"""Before the second attempt, the third and so on: a receiver may be away for half a day."""
KEEP_FOR = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One message as it is to be sent; (id, attempt) is the fence of its outcome."""

    id: str
    webhook_id: str
    attempt: int
    url: str
    secret: str
    payload: dict[str, Any]


@for_everybody
def take_due(
    session: Session, now: datetime, *, without_webhooks: Collection[str], limit: int
) -> list[Message]:
    """Take at most `limit` messages; another process that looks at the same time takes others."""
    taken: list[Message] = []
    for delivery_id in repository.find_due(
        session, now, without_webhooks=without_webhooks, limit=limit
    ):
        delivery = repository.lock_due(session, delivery_id, now)
        if delivery is None:
            continue
        delivery.attempt += 1
        delivery.status_code = delivery.error = None
        delivery.not_before = now + SENDING_TIME
        webhook = session.get_one(Webhook, delivery.webhook_id)
        taken.append(
            Message(
                id=delivery.id,
                webhook_id=webhook.id,
                attempt=delivery.attempt,
                url=webhook.url,
                secret=webhook.secret,
                payload=delivery.payload,
            )
        )
    return taken


def note_outcome(session: Session, message: Message, outcome: Outcome, now: datetime) -> None:
    """Write what came of a message; a later attempt or a deletion makes this one void."""
    delivery = repository.lock_sent(session, message.id, message.attempt)
    if delivery is None:
        return
    delivery.status_code, delivery.error = outcome.status_code, outcome.error
    if outcome.is_delivered:
        _finish(delivery, DeliveryState.DELIVERED, now)
    elif delivery.attempt > len(PAUSES):
        _finish(delivery, DeliveryState.FAILED, now)
    else:
        delivery.not_before = now + PAUSES[delivery.attempt - 1]


def forget_old(session: Session, now: datetime) -> None:
    """Remove messages that have been over for a week."""
    repository.forget_finished(session, now - KEEP_FOR)


def _finish(delivery: WebhookDelivery, state: DeliveryState, now: datetime) -> None:
    delivery.state = state
    delivery.finished_at = now
