"""Webhooks over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Path, Response, status

from transcriber.accounts.dependencies import CurrentAccount
from transcriber.infra.clock import read_database_time
from transcriber.infra.dependencies import CurrentContext, Read, Work
from transcriber.infra.errors import (
    ConflictError,
    ForbiddenError,
    InvalidError,
    NotFoundError,
    UnauthenticatedError,
)
from transcriber.infra.idempotency_header import GivenKey
from transcriber.infra.paging import CursorText, Limit, decode_cursor, encode_cursor
from transcriber.infra.problems import declare_problems
from transcriber.webhooks import repository, service
from transcriber.webhooks.schemas import (
    DeliveryPage,
    DeliveryRead,
    WebhookCreate,
    WebhookList,
    WebhookRead,
)

router = APIRouter(prefix="/webhooks", tags=["webhooks"])

WebhookId = Annotated[str, Path(pattern="^[0-9a-f]{32}$")]


@router.post(
    "/",
    status_code=status.HTTP_201_CREATED,
    responses=declare_problems(UnauthenticatedError, ForbiddenError, ConflictError, InvalidError),
)
def create_webhook(
    body: WebhookCreate,
    response: Response,
    *,
    uow: Work,
    account: CurrentAccount,
    context: CurrentContext,
    key: GivenKey,
) -> WebhookRead:
    """Be told when your jobs end: one signed POST for each, sent again until it is taken."""
    webhook = service.add_webhook(
        uow.session,
        account.user_id,
        body.url,
        allowed_hosts=context.settings.webhook_allowed_hosts,
        now=read_database_time(uow.session),
        key=key,
    )
    response.headers["Location"] = f"/webhooks/{webhook.id}"
    return WebhookRead.model_validate(webhook)


@router.get("/", responses=declare_problems(UnauthenticatedError))
def list_webhooks(session: Read, account: CurrentAccount) -> WebhookList:
    """The caller's webhooks with their secrets, oldest first."""
    rows = repository.list_webhooks(session, account.user_id)
    return WebhookList(items=[WebhookRead.model_validate(row) for row in rows])


@router.get("/{webhook_id}", responses=declare_problems(UnauthenticatedError, NotFoundError))
def read_webhook(webhook_id: WebhookId, session: Read, account: CurrentAccount) -> WebhookRead:
    """One webhook."""
    webhook = service.get_webhook(session, account.user_id, webhook_id)
    return WebhookRead.model_validate(webhook)


@router.get(
    "/{webhook_id}/deliveries",
    responses=declare_problems(UnauthenticatedError, NotFoundError, InvalidError),
)
def list_deliveries(
    webhook_id: WebhookId,
    session: Read,
    account: CurrentAccount,
    limit: Limit = 50,
    cursor: CursorText = None,
) -> DeliveryPage:
    """What was sent, what came of it, and what is still to be sent."""
    webhook = service.get_webhook(session, account.user_id, webhook_id)
    rows = repository.list_deliveries(
        session, webhook, after=decode_cursor(cursor), limit=limit + 1
    )
    page = rows[:limit]
    return DeliveryPage(
        items=[DeliveryRead.model_validate(row) for row in page],
        next_cursor=encode_cursor(page[-1].created_at, page[-1].id) if len(rows) > limit else None,
    )


@router.delete(
    "/{webhook_id}",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=declare_problems(UnauthenticatedError, NotFoundError),
)
def delete_webhook(webhook_id: WebhookId, uow: Work, account: CurrentAccount) -> None:
    """Remove a webhook and what was still to be sent to it."""
    service.remove_webhook(uow.session, account.user_id, webhook_id)
