"""The shapes of requests and answers about webhooks."""

from datetime import datetime
from typing import Any, Literal

from pydantic import Field

from transcriber.infra.paging import Page
from transcriber.infra.schemas import RequestModel, ResponseModel
from transcriber.webhooks.models import URL_LENGTH


class WebhookCreate(RequestModel):
    """Where to send messages."""

    url: str = Field(
        max_length=URL_LENGTH,
        description="http or https; its host must be one that the operator allows.",
    )


class WebhookRead(ResponseModel):
    """A webhook as its owner sees it."""

    id: str
    url: str
    secret: str = Field(description="Signs every message, as Standard Webhooks 1.0 says.")
    created_at: datetime


class WebhookList(ResponseModel):
    """The owner's webhooks."""

    items: list[WebhookRead]


class DeliveryRead(ResponseModel):
    """One message, and what came of it."""

    id: str
    job_id: str
    kind: str
    payload: dict[str, Any]
    state: Literal["waiting", "delivered", "failed"]
    attempt: int
    not_before: datetime = Field(description="While it waits: when it is sent next.")
    status_code: int | None = Field(description="Of the latest answer; null when none came.")
    error: str | None
    created_at: datetime
    finished_at: datetime | None


class DeliveryPage(Page[DeliveryRead]):
    """One page of a webhook's messages, newest first; finished ones are kept for a week."""
