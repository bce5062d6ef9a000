"""Shapes of the routes for resets."""

from datetime import datetime

from pydantic import Field

from transcriber.accounts.schemas import ChosenPassword
from transcriber.infra.schemas import RequestModel, ResponseModel

MAX_TOKEN_LENGTH = 128


class IssuedResetRead(ResponseModel):
    """A reset that was just made."""

    token: str = Field(description="For the account's owner; shown once, and it works once.")
    expires_at: datetime


class ResetRequest(RequestModel):
    """A new password, with the token instead of the old one."""

    token: str = Field(min_length=1, max_length=MAX_TOKEN_LENGTH)
    new_password: ChosenPassword
