"""The stored media, and how much of it each account has."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from transcriber.infra.database import Base, UtcDateTime

NAME_LENGTH = 255


class Recording(Base):
    """One stored media file, which several jobs may use.

    What the decoder found is filled in by the first job that is planned, and the waveform is kept
    under `peaks_key`.  `removed_at` is when the audio was given up while the transcripts stayed;
    neither the bytes nor the waveform are to be asked for any more.
    """

    __tablename__ = "recordings"
    __table_args__ = (
        Index("ix_recordings_removed_at_created_at", "removed_at", "created_at"),
        Index("ix_recordings_user_id_created_at", "user_id", "created_at", "id"),
        Index("ix_recordings_user_id_sha256", "user_id", "sha256"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    user_id: Mapped[str] = mapped_column(String(64), index=True)
    name: Mapped[str] = mapped_column(String(NAME_LENGTH))
    storage_key: Mapped[str] = mapped_column(String(64), unique=True)
    size_bytes: Mapped[int] = mapped_column(BigInteger)
    sha256: Mapped[str] = mapped_column(String(64))
    container: Mapped[str | None] = mapped_column(String(64))
    codec: Mapped[str | None] = mapped_column(String(64))
    has_video: Mapped[bool | None]
    duration_seconds: Mapped[float | None]
    peaks_key: Mapped[str | None] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    removed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class StorageUsage(Base):
    """What an account's recordings take, and what its open uploads may come to take.

    Attributes:
        user_id: Whose it is.
        stored_bytes: Sum over the account's recordings that still have their audio.
        reserved_bytes: Sum of the sizes that its open uploads announced.
        open_uploads: How many of these there are.
    """

    __tablename__ = "storage_usage"
    __table_args__ = (
        CheckConstraint("stored_bytes >= 0", name="stored_counted"),
        CheckConstraint("reserved_bytes >= 0", name="reserved_counted"),
        CheckConstraint("open_uploads >= 0", name="open_counted"),
    )

    user_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    stored_bytes: Mapped[int] = mapped_column(BigInteger, default=0)
    reserved_bytes: Mapped[int] = mapped_column(BigInteger, default=0)
    open_uploads: Mapped[int] = mapped_column(default=0)
