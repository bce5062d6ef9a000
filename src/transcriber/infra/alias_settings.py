"""The schedule of the upload protocol's temporary aliases, as the operator sets it."""

from datetime import UTC, datetime

from pydantic import Field, ValidationInfo, field_validator
from pydantic_settings import BaseSettings


class AliasSettings(BaseSettings):
    """When the aliases are deprecated, redirect, and are gone; times without a zone are UTC.

    The defaults give clients half a year of answers and half a year of redirects.
    """

    upload_alias_deprecated_at: datetime = datetime(2027, 1, 1, tzinfo=UTC)
    upload_alias_redirect_at: datetime = Field(
        default=datetime(2027, 7, 1, tzinfo=UTC), validate_default=True
    )
    upload_alias_gone_at: datetime = Field(
        default=datetime(2028, 1, 1, tzinfo=UTC), validate_default=True
    )
    upload_alias_always_301: bool = Field(
        default=False, description="Redirect with 301 where 308 would keep method and body."
    )

    @field_validator(
        "upload_alias_deprecated_at", "upload_alias_redirect_at", "upload_alias_gone_at"
    )
    @classmethod
    def _place_in_utc(cls, value: datetime) -> datetime:
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)

    @field_validator("upload_alias_redirect_at")
    @classmethod
    def _check_redirect(cls, value: datetime, info: ValidationInfo) -> datetime:
        return _require_order(value, info, "upload_alias_deprecated_at")

    @field_validator("upload_alias_gone_at")
    @classmethod
    def _check_gone(cls, value: datetime, info: ValidationInfo) -> datetime:
        return _require_order(value, info, "upload_alias_redirect_at")


def _require_order(value: datetime, info: ValidationInfo, earlier: str) -> datetime:
    # A date that was refused itself is not there, and is what the operator is told about.
    if value < info.data.get(earlier, value):
        raise ValueError(f"{value:%Y-%m-%d %H:%M} UTC is before {earlier.upper()}")
    return value
