"""The tables of uploads: what is asked for, and which chunks are durable."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from transcriber.infra.database import Base, UtcDateTime

CHUNKS, TUS = "chunks", "tus"
"""The protocols that uploads speak."""
PIECE = "partial"
"""What tus calls an upload that is sent to be joined with others."""


@dataclass(frozen=True, slots=True)
class Begun:
    """The durable first bytes of the chunk behind the last one that was committed.

    Attributes:
        size_bytes: How many they are.
        sha256: Of them.
        file: The `Upload.file` they were written to.
        receipt: What the storage gave for them.
    """

    size_bytes: int
    sha256: str
    file: int
    receipt: str


class Upload(Base):
    """A transfer in progress, and for a while after its end what came of it.

    Attributes:
        size_bytes: As announced; it never changes.
        sha256: Of the whole, as announced, or None.
        chunk_bytes: Length of every chunk but the last.
        options: Of the job, final since the beginning.
        storage_key: Of the recording that this becomes.
        handle: What the storage calls this beginning; None before the first chunk.
        file: The storage's file that chunks are written to; a failed sync makes it rise.
        received_bytes: Sum over the committed chunks.
        begun_bytes: How far the chunk behind them has come, where bytes come one after the other.
        protocol: What it is spoken in.
        tus_metadata: As the client of tus gave it.
        concat: Of tus: `partial`, or `final;` and the addresses of the uploads it is joined from.
        final_id: The upload that this one is a piece of.
        position: Which piece.
        error_code: Why the last verification failed; None once it is tried again.
        attempt: How often somebody began to verify; the fence of what they write.
        tries: As `attempt`, since the owner last asked for it.
        expires_at: After it the upload is gone; each chunk moves it.
        ended_at: When it completed, was cancelled or expired.
        cleaned_at: When the last of its parts was removed after that.
    """

    __tablename__ = "uploads"
    __table_args__ = (
        Index("ix_uploads_user_id_created_at", "user_id", "created_at", "id"),
        Index("ix_uploads_state_expires_at", "state", "expires_at"),
        Index("ix_uploads_state_lease_until", "state", "lease_until"),
        Index("ix_uploads_cleaned_at_ended_at", "cleaned_at", "ended_at"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    user_id: Mapped[str] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(String(255))
    size_bytes: Mapped[int] = mapped_column(BigInteger)
    sha256: Mapped[str | None] = mapped_column(String(64))
    chunk_bytes: Mapped[int] = mapped_column(BigInteger)
    options: Mapped[dict[str, Any]] = mapped_column(JSON)
    model: Mapped[str] = mapped_column(String(64))

    storage_key: Mapped[str] = mapped_column(String(64), unique=True)
    handle: Mapped[str | None] = mapped_column(String(1024))
    file: Mapped[int] = mapped_column(default=0)
    received_bytes: Mapped[int] = mapped_column(BigInteger, default=0)
    begun_bytes: Mapped[int] = mapped_column(BigInteger, default=0)
    begun_sha256: Mapped[str | None] = mapped_column(String(64))
    begun_file: Mapped[int | None]
    begun_receipt: Mapped[str | None] = mapped_column(String(255))

    protocol: Mapped[str] = mapped_column(String(16), default=CHUNKS)
    tus_metadata: Mapped[str | None] = mapped_column(Text)
    concat: Mapped[str | None] = mapped_column(Text)
    final_id: Mapped[str | None] = mapped_column(String(32), index=True)
    position: Mapped[int | None]

    state: Mapped[str] = mapped_column(String(16))
    error_code: Mapped[str | None] = mapped_column(String(64))
    error_message: Mapped[str | None] = mapped_column(String(2000))
    attempt: Mapped[int] = mapped_column(default=0)
    tries: Mapped[int] = mapped_column(default=0)
    lease_owner: Mapped[str | None] = mapped_column(String(128))
    lease_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    job_id: Mapped[str | None] = mapped_column(
        ForeignKey("jobs.id", ondelete="SET NULL"), index=True
    )

    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    cleaned_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    @property
    def offset(self) -> int:
        """How many bytes are durable, where they come one after the other."""
        return self.received_bytes + self.begun_bytes

    @property
    def begun(self) -> Begun | None:
        """The chunk behind the committed ones, as far as it has come."""
        if not self.begun_bytes or self.begun_sha256 is None:
            return None
        return Begun(
            self.begun_bytes, self.begun_sha256, self.begun_file or 0, self.begun_receipt or ""
        )

    @begun.setter
    def begun(self, begun: Begun | None) -> None:
        self.begun_bytes = begun.size_bytes if begun else 0
        self.begun_sha256 = begun.sha256 if begun else None
        self.begun_file = begun.file if begun else None
        self.begun_receipt = begun.receipt if begun else None

    @property
    def is_piece(self) -> bool:
        """Whether it is sent to be joined with others."""
        return self.concat == PIECE

    @property
    def is_joined(self) -> bool:
        """Whether its bytes are those of others, one after the other."""
        return self.concat is not None and self.concat != PIECE


class UploadChunk(Base):
    """A chunk whose bytes are durable: the row is written after they are.

    Attributes:
        number: From 0.
        start: Place of its first byte in the whole.
        sha256: Of its bytes.
        file: The `Upload.file` it was written to.
        receipt: What the storage gave for it.
    """

    __tablename__ = "upload_chunks"

    upload_id: Mapped[str] = mapped_column(
        ForeignKey("uploads.id", ondelete="CASCADE"), primary_key=True
    )
    number: Mapped[int] = mapped_column(primary_key=True)
    start: Mapped[int] = mapped_column(BigInteger)
    size_bytes: Mapped[int] = mapped_column(BigInteger)
    sha256: Mapped[str] = mapped_column(String(64))
    file: Mapped[int]
    receipt: Mapped[str] = mapped_column(String(255))
    committed_at: Mapped[datetime] = mapped_column(UtcDateTime)
