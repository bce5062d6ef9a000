"""Shapes of the routes about API keys."""

from datetime import datetime

from pydantic import Field

from transcriber.accounts.keys.models import KEY_SCOPES, ApiKey, KeyScope
from transcriber.accounts.keys.secret import PREFIX
from transcriber.accounts.schemas import AccountName
from transcriber.infra.access_settings import MAX_KEY_DAYS
from transcriber.infra.schemas import RequestModel, ResponseModel


class KeyRequest(RequestModel):
    """A key to be made."""

    name: AccountName = Field(description="What you call it: where it is used, say.")
    scopes: list[KeyScope] = Field(
        min_length=1,
        max_length=len(KEY_SCOPES),
        description=(
            "`read` for safe methods, `write` for all others; `admin`, beside these, for the "
            "routes under `/api/admin`."
        ),
    )
    expires_in_days: int | None = Field(
        default=None,
        ge=1,
        le=MAX_KEY_DAYS,
        description="Null for 90, or as many as the operator allows where these are fewer.",
    )


class KeyRead(ResponseModel):
    """A key as its owner sees it; the secret itself is not kept."""

    id: str
    name: str
    prefix: str = Field(description="How the key begins, by which a leaked one is recognised.")
    scopes: list[KeyScope]
    created_at: datetime
    last_used_at: datetime | None = Field(description="To the nearest few minutes.")
    expires_at: datetime


class CreatedKeyRead(KeyRead):
    """A key that was just made."""

    secret: str | None = Field(
        description=(
            "The whole key, shown once: send it as `Authorization: Bearer …`. A repetition with "
            "the same Idempotency-Key puts another in its place until the key has been used."
        )
    )


class KeyList(ResponseModel):
    """Keys that nobody revoked, newest first."""

    items: list[KeyRead]


def show_key(key: ApiKey) -> KeyRead:
    """The answer about a key."""
    return KeyRead(
        id=key.id,
        name=key.name,
        prefix=f"{PREFIX}{key.id}",
        scopes=list(key.list_scopes()),
        created_at=key.created_at,
        last_used_at=key.last_used_at,
        expires_at=key.expires_at,
    )
