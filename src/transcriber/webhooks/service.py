"""Rules of webhooks: who may have which, and what they are told."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from transcriber.infra.audit import record_act
from transcriber.infra.errors import ConflictError, NotFoundError
from transcriber.infra.idempotency import (
    KeyedRequest,
    create_once,
    forget_keys_of,
    hash_content,
)
from transcriber.infra.identifiers import create_id
from transcriber.webhooks import repository
from transcriber.webhooks.models import Webhook, WebhookDelivery
from transcriber.webhooks.signing import create_secret
from transcriber.webhooks.states import DeliveryState
from transcriber.webhooks.targets import check_allowed, read_target

MAX_WEBHOOKS = 20
CREATE_ROUTE = "POST /webhooks/"


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
    session: Session,
    user_id: str,
    url: str,
    *,
    allowed_hosts: Sequence[str],
    now: datetime,
    key: str | None = None,
) -> Webhook:
    """Add a webhook of the owner's; with the same idempotency key it is added once.

    Raises:
        InvalidError: `bad_webhook_url`.
        ForbiddenError: `webhooks_disabled` or `webhook_host`.
        ConflictError: `too_many_webhooks`, or `idempotency_conflict`.
    """
    check_allowed(read_target(url), allowed_hosts)
    request = KeyedRequest(
        user_id=user_id, route=CREATE_ROUTE, key=key, request_hash=hash_content(url)
    )
    creation = create_once(
        session, request, lambda webhook_id: _insert(session, webhook_id, user_id, url, now)
    )
    return get_webhook(session, user_id, creation.resource_id)


def remove_webhook(session: Session, user_id: str, webhook_id: str) -> None:
    """Remove a webhook of the owner's with its messages.

    Raises:
        NotFoundError: when there is none, or it is somebody else's.
    """
    session.delete(get_webhook(session, user_id, webhook_id))
    _audit(session, "webhook.delete", webhook_id, user_id)
    forget_keys_of(session, webhook_id)


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


def _insert(session: Session, webhook_id: str, user_id: str, url: str, now: datetime) -> None:
    if len(repository.list_webhooks(session, user_id)) >= MAX_WEBHOOKS:
        raise ConflictError(
            f"An account may have at most {MAX_WEBHOOKS} webhooks.",
            code="too_many_webhooks",
            extra={"limit": MAX_WEBHOOKS},
        )
    session.add(
        Webhook(id=webhook_id, user_id=user_id, url=url, secret=create_secret(), created_at=now)
    )
    session.flush()
    _audit(session, "webhook.create", webhook_id, user_id)


def _audit(session: Session, action: str, webhook_id: str, user_id: str) -> None:
    # Without the address: it may hold a password, and names whom the owner works with.
    record_act(
        session,
        actor=f"account:{user_id}",
        action=action,
        object_id=webhook_id,
        user_id=user_id,
    )
