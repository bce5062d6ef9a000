"""Shapes of the routes for signing up."""

from typing import Literal

from pydantic import Field

from transcriber.accounts.schemas import AccountName, ChosenPassword
from transcriber.infra.schemas import RequestModel, ResponseModel

MAX_TOKEN_LENGTH = 128


class SignUpRead(ResponseModel):
    """Who may make an account."""

    mode: Literal["closed", "invitation", "open"]


class SignUpRequest(RequestModel):
    """An account for oneself; its role is the invitation's, or `user`."""

    name: AccountName
    password: ChosenPassword
    invitation: str | None = Field(
        default=None,
        min_length=1,
        max_length=MAX_TOKEN_LENGTH,
        description="The invitation's token; needed unless signing up is open to everybody.",
    )
