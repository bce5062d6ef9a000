"""Rules of webhooks: who may have which, and what they are told."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from transcriber.infra.errors import ConflictError, NotFoundError
from transcriber.infra.identifiers import create_id
from transcriber.webhooks import repository
from transcriber.webhooks.models import Webhook, WebhookDelivery
from transcriber.webhooks.signing import create_secret
from transcriber.webhooks.states import DeliveryState
from transcriber.webhooks.targets import check_allowed, read_target

MAX_WEBHOOKS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class EndedJob:
    """What a receiver is told of a job; never a word of what was said in it."""

    id: str
    user_id: str
    name: str
    state: str
    generation: int
    error_code: str | None


def add_webhook(
    session: Session, user_id: str, url: str, *, allowed_hosts: Sequence[str], now: datetime
) -> Webhook:
    """Add a webhook of the owner's.

    Raises:
        InvalidError: `bad_webhook_url`.
        ForbiddenError: `webhooks_disabled` or `webhook_host`.
        ConflictError: `too_many_webhooks`.
    """
    check_allowed(read_target(url), allowed_hosts)
    if len(repository.list_webhooks(session, user_id)) >= MAX_WEBHOOKS:
        raise ConflictError(
            f"An account may have at most {MAX_WEBHOOKS} webhooks.",
            code="too_many_webhooks",
            extra={"limit": MAX_WEBHOOKS},
        )
    webhook = Webhook(
        id=create_id(), user_id=user_id, url=url, secret=create_secret(), created_at=now
    )
    session.add(webhook)
    session.flush()
    return webhook


def get_webhook(session: Session, user_id: str, webhook_id: str) -> Webhook:
    """The owner's webhook.

    Raises:
        NotFoundError: when there is none, or it is somebody else's.
    """
    webhook = repository.find_webhook(session, user_id, webhook_id)
    if webhook is None:
        raise NotFoundError("There is no such webhook.", code="webhook_not_found")
    return webhook


def note_ended_job(session: Session, job: EndedJob, now: datetime) -> None:
    """Write a message for each of the owner's webhooks into the job's own transaction."""
    for webhook in repository.list_webhooks(session, job.user_id):
        kind = f"job.{job.state}"
        data = {
            "id": job.id,
            "name": job.name,
            "state": job.state,
            "generation": job.generation,
            "error_code": job.error_code,
        }
        session.add(
            WebhookDelivery(
                id=create_id(),
                webhook_id=webhook.id,
                job_id=job.id,
                user_id=job.user_id,
                kind=kind,
                payload={"type": kind, "timestamp": now.isoformat(), "data": data},
                state=DeliveryState.WAITING,
                attempt=0,
                not_before=now,
                created_at=now,
            )
        )
