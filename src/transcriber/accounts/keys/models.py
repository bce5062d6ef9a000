"""The table of API keys."""

from datetime import datetime
from typing import Literal, get_args

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from transcriber.accounts.models import MAX_NAME_LENGTH
from transcriber.infra.database import Base, UtcDateTime

KeyScope = Literal["read", "write", "admin"]
KEY_SCOPES: tuple[KeyScope, ...] = get_args(KeyScope)


class ApiKey(Base):
    """One key; its secret is never stored.

    Attributes:
        id: Public: it is part of the key, so that a leaked one can be told and revoked.
        user_id: For whom it acts.
        name: What its owner calls it.
        secret_hash: SHA-256 of the whole key, in hex.
        scopes: What it may be used for, with blanks between them.
        created_at: UTC.
        last_used_at: UTC, to the nearest few minutes; None while it was never used.
        expires_at: UTC.
        revoked_at: UTC, or None while it is good.
    """

    __tablename__ = "api_keys"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    user_id: Mapped[str] = mapped_column(
        String(32), ForeignKey("accounts.id", ondelete="CASCADE"), index=True
    )
    name: Mapped[str] = mapped_column(String(MAX_NAME_LENGTH))
    secret_hash: Mapped[str] = mapped_column(String(64), unique=True)
    scopes: Mapped[str] = mapped_column(String(32))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    def list_scopes(self) -> tuple[KeyScope, ...]:
        """What it may be used for, in the order of the scopes."""
        kept = self.scopes.split()
        return tuple(scope for scope in KEY_SCOPES if scope in kept)
