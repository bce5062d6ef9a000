"""The result of a job.

These tables name a job by its id without a foreign key: this slice lies below the jobs and knows
nothing of them; whoever deletes a job deletes its transcript in the same transaction.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, validates

from transcriber.infra.database import Base, UtcDateTime
from transcriber.transcripts.search.folding import fold_name

MAX_SPEAKER_LENGTH = 64
MAX_NAME_KEY_LENGTH = 255


class TranscriptRow(Base):
    """A finished transcript: at most one for each generation of a job, never changed.

    Attributes:
        name_key: The name as lists compare and sort it, on both databases alike.
    """

    __tablename__ = "transcripts"
    __table_args__ = (
        Index("ix_transcripts_user_id_created_at", "user_id", "created_at"),
        Index("ix_transcripts_user_id_name_key", "user_id", "name_key"),
        Index("ix_transcripts_user_id_duration_seconds", "user_id", "duration_seconds"),
    )

    job_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    generation: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[str] = mapped_column(String(64), index=True)
    recording_id: Mapped[str] = mapped_column(String(32), index=True)
    name: Mapped[str] = mapped_column(String(255))
    name_key: Mapped[str] = mapped_column(
        String(MAX_NAME_KEY_LENGTH).with_variant(
            String(MAX_NAME_KEY_LENGTH, collation="C"), "postgresql"
        )
    )
    language: Mapped[str] = mapped_column(String(8))
    language_probability: Mapped[float]
    duration_seconds: Mapped[float]
    model: Mapped[str] = mapped_column(String(64))
    model_checksum: Mapped[str | None] = mapped_column(String(64))
    task: Mapped[str] = mapped_column(String(16))
    segment_count: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    @validates("name")
    def _keep_key(self, _attribute: str, name: str) -> str:
        self.name_key = fold_name(name)[:MAX_NAME_KEY_LENGTH]
        return name


class SegmentRow(Base):
    """One segment.

    While its job runs `index` is `SPAN_STRIDE` times the span's index plus the place in the span,
    so that spans may finish in any order; completion renumbers to 0..n-1.
    """

    __tablename__ = "segments"

    job_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    generation: Mapped[int] = mapped_column(primary_key=True)
    index: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[str] = mapped_column(String(64), index=True)
    start: Mapped[float]
    end: Mapped[float]
    text: Mapped[str] = mapped_column(Text)
    avg_logprob: Mapped[float]
    no_speech_prob: Mapped[float]
    compression_ratio: Mapped[float]
    temperature: Mapped[float]
    words: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    speaker: Mapped[str | None] = mapped_column(String(MAX_SPEAKER_LENGTH))


class DroppedPassageRow(Base):
    """Text the engine refused to believe, numbered as the segments are."""

    __tablename__ = "dropped_passages"

    job_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    generation: Mapped[int] = mapped_column(primary_key=True)
    index: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[str] = mapped_column(String(64), index=True)
    start: Mapped[float]
    end: Mapped[float]
    reason: Mapped[str] = mapped_column(String(32))
    text: Mapped[str] = mapped_column(Text)
