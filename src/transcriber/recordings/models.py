"""The stored media."""

from datetime import datetime

from sqlalchemy import BigInteger, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from transcriber.infra.database import Base, UtcDateTime

NAME_LENGTH = 255


class Recording(Base):
    """One stored media file, which several jobs may use.

    What the probe found is filled in by the first job.  `removed_at` is when the audio was given
    up while the transcripts stayed; the bytes are not to be asked for any more.
    """

    __tablename__ = "recordings"
    __table_args__ = (Index("ix_recordings_removed_at_created_at", "removed_at", "created_at"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    user_id: Mapped[str] = mapped_column(String(64), index=True)
    name: Mapped[str] = mapped_column(String(NAME_LENGTH))
    storage_key: Mapped[str] = mapped_column(String(64), unique=True)
    size_bytes: Mapped[int] = mapped_column(BigInteger)
    sha256: Mapped[str] = mapped_column(String(64))
    container: Mapped[str | None] = mapped_column(String(64))
    codec: Mapped[str | None] = mapped_column(String(64))
    duration_seconds: Mapped[float | None]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    removed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
