"""Tables: who may sign in, and who is signed in."""

from datetime import datetime
from typing import Literal

from sqlalchemy import Boolean, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from transcriber.infra.database import Base, UtcDateTime
from transcriber.infra.identifiers import create_id

Role = Literal["user", "admin"]
SessionKind = Literal["cookie", "bearer"]

MAX_NAME_LENGTH = 64
MAX_DEVICE_LENGTH = 120
MAX_ADDRESS_LENGTH = 64


class Account(Base):
    """A person or a service; `id` is what other tables call `user_id`.

    Attributes:
        name: As it was typed.
        name_key: Case-folded and normalised: two names that look alike are one.
        password_hash: Argon2id in PHC form.
        role: `user` or `admin`.
        is_active: False locks the account out at once.
        created_at: UTC.
        last_used_at: UTC, to the nearest few minutes; None before the first sign-in.
    """

    __tablename__ = "accounts"
    __table_args__ = (
        CheckConstraint("role IN ('user', 'admin')", name="role_known"),
        Index("ix_accounts_created_at_id", "created_at", "id"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    name: Mapped[str] = mapped_column(String(MAX_NAME_LENGTH))
    # Case folding may lengthen a name, at most threefold.
    name_key: Mapped[str] = mapped_column(String(4 * MAX_NAME_LENGTH), unique=True)
    password_hash: Mapped[str] = mapped_column(String(255))
    role: Mapped[str] = mapped_column(String(16))
    is_active: Mapped[bool] = mapped_column(Boolean, default=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class RetentionPolicy(Base):
    """How long an account's things are kept; None leaves it to the level above.

    Attributes:
        audio_days: The operator's for this account, instead of the service's.
        transcript_days: As `audio_days`, for whole jobs with their transcripts.
        own_audio_days: The owner's wish, which can only be stricter.
        own_transcript_days: As `own_audio_days`.
    """

    __tablename__ = "retention_policies"

    user_id: Mapped[str] = mapped_column(
        String(32), ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True
    )
    audio_days: Mapped[int | None]
    transcript_days: Mapped[int | None]
    own_audio_days: Mapped[int | None]
    own_transcript_days: Mapped[int | None]


class AccountSession(Base):
    """One sign-in; the token itself is never stored.

    Attributes:
        token_hash: SHA-256 of the token, in hex.
        id: What its owner calls it; it opens nothing.
        user_id: Whose it is.
        device: What the program called itself when it signed in, cut short.
        address: From where that was.
        kind: `cookie` for browsers, `bearer` for programs.
        created_at: UTC.
        last_used_at: UTC, to the nearest few minutes: not every request writes.
        expires_at: UTC; absolute.
        revoked_at: UTC, or None while it is good.
    """

    __tablename__ = "sessions"
    __table_args__ = (CheckConstraint("kind IN ('cookie', 'bearer')", name="kind_known"),)

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    id: Mapped[str] = mapped_column(String(32), unique=True, default=create_id)
    user_id: Mapped[str] = mapped_column(
        String(32), ForeignKey("accounts.id", ondelete="CASCADE"), index=True
    )
    kind: Mapped[str] = mapped_column(String(16))
    device: Mapped[str | None] = mapped_column(String(MAX_DEVICE_LENGTH))
    address: Mapped[str | None] = mapped_column(String(MAX_ADDRESS_LENGTH))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_used_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
