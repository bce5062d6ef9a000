"""Shapes of the directory's routes."""

from datetime import datetime

from pydantic import Field

from transcriber.accounts.models import Role
from transcriber.infra.schemas import RequestModel, ResponseModel


class AccountRead(ResponseModel):
    """An account as administrators see it."""

    user_id: str = Field(validation_alias="id")
    name: str
    role: Role
    is_active: bool = Field(description="False locks the account out.")
    created_at: datetime
    last_used_at: datetime | None = Field(
        description="To the nearest few minutes; null before the first sign-in."
    )


class AccountChange(RequestModel):
    """What changes; what is left out stays."""

    role: Role | None = None
    is_active: bool | None = Field(
        default=None, description="False ends every sign-in and refuses new ones; true lets in."
    )
