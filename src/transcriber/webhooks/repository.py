"""All SQL of webhooks."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import delete, func, select, tuple_
from sqlalchemy.orm import Session

from transcriber.infra.ownership import for_everybody
from transcriber.webhooks.models import Webhook, WebhookDelivery
from transcriber.webhooks.states import DeliveryState


def list_webhooks(session: Session, user_id: str) -> Sequence[Webhook]:
    """The owner's webhooks, oldest first."""
    query = select(Webhook).where(Webhook.user_id == user_id)
    return session.scalars(query.order_by(Webhook.created_at, Webhook.id)).all()


def find_webhook(session: Session, user_id: str, webhook_id: str) -> Webhook | None:
    """The owner's webhook."""
    query = select(Webhook).where(Webhook.id == webhook_id, Webhook.user_id == user_id)
    return session.scalar(query)


def list_deliveries(
    session: Session, webhook: Webhook, *, after: tuple[datetime, str] | None, limit: int
) -> Sequence[WebhookDelivery]:
    """The webhook's messages, newest first, from behind `after` (created_at, id)."""
    query = select(WebhookDelivery).where(WebhookDelivery.webhook_id == webhook.id)
    if after is not None:
        query = query.where(tuple_(WebhookDelivery.created_at, WebhookDelivery.id) < after)
    order = (WebhookDelivery.created_at.desc(), WebhookDelivery.id.desc())
    return session.scalars(query.order_by(*order).limit(limit)).all()


@for_everybody
def find_due(
    session: Session, now: datetime, *, without_webhooks: Collection[str], limit: int
) -> Sequence[str]:
    """Ids of messages to send now, one for each webhook: a slow receiver waits for itself only."""
    place = func.row_number().over(
        partition_by=WebhookDelivery.webhook_id,
        order_by=(WebhookDelivery.not_before, WebhookDelivery.id),
    )
    due = (
        select(WebhookDelivery.id, WebhookDelivery.not_before, place.label("place"))
        .where(
            WebhookDelivery.state == DeliveryState.WAITING,
            WebhookDelivery.not_before <= now,
            WebhookDelivery.webhook_id.not_in(list(without_webhooks)),
        )
        .subquery()
    )
    query = select(due.c.id).where(due.c.place == 1).order_by(due.c.not_before).limit(limit)
    return session.scalars(query).all()


@for_everybody
def lock_due(session: Session, delivery_id: str, now: datetime) -> WebhookDelivery | None:
    """The message under its row lock if it is still due; None when another process has it."""
    query = (
        select(WebhookDelivery)
        .where(
            WebhookDelivery.id == delivery_id,
            WebhookDelivery.state == DeliveryState.WAITING,
            WebhookDelivery.not_before <= now,
        )
        .with_for_update(skip_locked=True)
    )
    return session.scalar(query.execution_options(populate_existing=True))


@for_everybody
def lock_sent(session: Session, delivery_id: str, attempt: int) -> WebhookDelivery | None:
    """The message under its row lock if `attempt` is still the latest."""
    query = (
        select(WebhookDelivery)
        .where(
            WebhookDelivery.id == delivery_id,
            WebhookDelivery.state == DeliveryState.WAITING,
            WebhookDelivery.attempt == attempt,
        )
        .with_for_update()
    )
    return session.scalar(query.execution_options(populate_existing=True))


@for_everybody
def forget_finished(session: Session, before: datetime) -> None:
    """Remove messages that were over before then."""
    session.execute(delete(WebhookDelivery).where(WebhookDelivery.finished_at < before))
