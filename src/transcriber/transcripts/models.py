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
SPAN_STRIDE = 1_000_000
"""Room for the segments of one span; a span of two minutes has a few hundred at the most."""
MAX_NAME_KEY_LENGTH = 255


class TranscriptRow(Base):
    """A finished transcript: at most one for each generation of a job.

    Attributes:
        name_key: The name as lists compare and sort it, on both databases alike.
        revision: The newest one; 0 is the machine's.  Whoever changes the content locks this row.
        segment_count: Of the newest revision.
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
    revision: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    @validates("name")
    def _keep_key(self, _attribute: str, name: str) -> str:
        self.name_key = fold_name(name)[:MAX_NAME_KEY_LENGTH]
        return name


class SegmentRow(Base):
    """One segment.

    While its job runs `index` is `SPAN_STRIDE` times the span's index plus the place in the span,
    so that spans may finish in any order; completion renumbers to 0..n-1.  From then on a row's
    content and its index never change: a correction closes rows and adds others behind the highest
    index.  Revision N holds the rows with `since` <= N that are not closed, or were later.

    Attributes:
        since: The revision in which the row appeared; 0 is the machine's.
        until: The revision that replaced it; None while it is part of the newest.
    """

    __tablename__ = "segments"
    __table_args__ = (
        Index("ix_segments_job_id_generation_start", "job_id", "generation", "start", "index"),
    )

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
    since: Mapped[int] = mapped_column(default=0)
    until: Mapped[int | None]


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


class DeletedTranscriptRow(Base):
    """That the owner deleted the transcript of a job that stays: nothing of its content."""

    __tablename__ = "deleted_transcripts"

    job_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    user_id: Mapped[str] = mapped_column(String(64), index=True)
    deleted_at: Mapped[datetime] = mapped_column(UtcDateTime)
