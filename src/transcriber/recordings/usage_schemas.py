"""Shape of what an account stores."""

from pydantic import Field

from transcriber.infra.schemas import ResponseModel


class AccountUsageRead(ResponseModel):
    """What an account stores, and what it may store."""

    stored_bytes: int = Field(description="Of the recordings that still have their audio.")
    reserved_bytes: int = Field(description="What open uploads announced, and may come to take.")
    quota_bytes: int | None = Field(description="What both may be together; null is without limit.")
    open_uploads: int
    max_open_uploads: int
    recordings: int = Field(description="Recordings that still have their audio.")
    audio_seconds: float = Field(
        description="How long these are together; those not decoded yet are not counted."
    )
