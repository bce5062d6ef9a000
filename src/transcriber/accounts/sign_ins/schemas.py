"""Shapes of the routes for one's own sign-ins."""

from datetime import datetime

from pydantic import Field

from transcriber.accounts.models import SessionKind
from transcriber.infra.schemas import ResponseModel


class SessionRead(ResponseModel):
    """One sign-in that is good."""

    id: str
    kind: SessionKind
    device: str | None = Field(description="What the program called itself, cut short.")
    address: str | None = Field(description="From where it signed in.")
    created_at: datetime
    last_used_at: datetime = Field(description="To the nearest few minutes.")
    expires_at: datetime
    is_current: bool = Field(description="Whether this request came with it.")
