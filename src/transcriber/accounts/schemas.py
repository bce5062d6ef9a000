"""Shapes of the account routes."""

from datetime import datetime
from typing import Annotated

from pydantic import Field

from transcriber.accounts.models import MAX_NAME_LENGTH, Role, SessionKind
from transcriber.infra.schemas import RequestModel, ResponseModel
from transcriber.infra.security import MAX_PASSWORD_LENGTH, MIN_PASSWORD_LENGTH

AccountName = Annotated[str, Field(min_length=1, max_length=MAX_NAME_LENGTH)]
# Bounded before it is hashed: the hash's time grows with the length.
GivenPassword = Annotated[str, Field(min_length=1, max_length=MAX_PASSWORD_LENGTH)]
ChosenPassword = Annotated[
    str, Field(min_length=MIN_PASSWORD_LENGTH, max_length=MAX_PASSWORD_LENGTH)
]


class LoginRequest(RequestModel):
    """A sign-in."""

    name: AccountName
    password: GivenPassword
    kind: SessionKind = Field(
        default="cookie",
        description="`cookie` for a browser; `bearer` answers with a token for programs.",
    )


class PasswordRequest(RequestModel):
    """A change of one's own password."""

    current_password: GivenPassword
    new_password: ChosenPassword


class AccountRequest(RequestModel):
    """A further account, made by an administrator."""

    name: AccountName
    password: ChosenPassword | None = Field(
        default=None, description="Without one the service issues a first password."
    )
    role: Role = "user"


class AccountResponse(ResponseModel):
    """An account as others may see it."""

    user_id: str
    name: str
    role: Role


class OwnAccountResponse(AccountResponse):
    """The account that asks, and what its browser needs to know of the service."""

    is_traced: bool = Field(
        description=(
            "Whether requests are traced: then a `traceparent` header makes one a part of the "
            "client's trace, and is ignored otherwise."
        )
    )


class CreatedAccountResponse(AccountResponse):
    """An account that was just added."""

    first_password: str | None = Field(
        description=(
            "The issued password, shown once; a repetition with the same Idempotency-Key issues "
            "another in its place until the account has signed in."
        )
    )


class LoginResponse(ResponseModel):
    """A sign-in that succeeded."""

    account: AccountResponse
    kind: SessionKind
    token: str | None = Field(
        description="For `bearer` only: send it as `Authorization: Bearer …`; shown once."
    )
    expires_at: datetime
