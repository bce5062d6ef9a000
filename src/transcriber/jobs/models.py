"""The tables of jobs, and how they bear failure.

Leases live on spans, because several workers may hold spans of one job.  A job that is not yet
planned has one span, `PLAN_INDEX`: decoding the recording and finding the speech in it.  One whose
speakers are told apart gets another after all others, `SPEAKERS_INDEX`: making speakers of voices.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, validates

from transcriber.infra.database import Base, UtcDateTime
from transcriber.transcripts.models import MAX_NAME_KEY_LENGTH
from transcriber.transcripts.search.folding import fold_name

PLAN_INDEX = -1
SPEAKERS_INDEX = -2
"""The last slice of a job whose speakers are told apart: by then every span was heard."""

StoredVoices = dict[str, Any]
"""`voices`, a list, or `problem`, a sentence on why there are none, as `voices.py` writes them."""


class Job(Base):
    """A request to transcribe one recording with options that never change.

    Attributes:
        name_key: The name as lists compare and sort it, on both databases alike.
        audio_seconds: Length of the recording, once the job is completed: statistics would have to
            read every recording otherwise.  None where a process of a version before did that.
        request_id: The request that asked for this generation, as its log lines have it.
        trace_parent: That request's place in a trace, as in `Origin`.
    """

    __tablename__ = "jobs"
    __table_args__ = (
        Index("ix_jobs_user_id_created_at", "user_id", "created_at", "id"),
        Index("ix_jobs_user_id_name_key", "user_id", "name_key", "id"),
        Index("ix_jobs_state_queued_at", "state", "queued_at"),
        # A tenth of the one above, because equal keys are kept once: all jobs are counted by it.
        Index("ix_jobs_state", "state"),
        Index("ix_jobs_created_at_id", "created_at", "id"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    user_id: Mapped[str] = mapped_column(String(64), index=True)
    recording_id: Mapped[str] = mapped_column(ForeignKey("recordings.id"), index=True)
    generation: Mapped[int] = mapped_column(default=1)
    name: Mapped[str] = mapped_column(String(255))
    name_key: Mapped[str] = mapped_column(
        String(MAX_NAME_KEY_LENGTH).with_variant(
            String(MAX_NAME_KEY_LENGTH, collation="C"), "postgresql"
        ),
        # For processes of an earlier version, which go on while the database is newer.
        server_default="",
    )
    options: Mapped[dict[str, Any]] = mapped_column(JSON)
    model: Mapped[str] = mapped_column(String(64))
    model_checksum: Mapped[str | None] = mapped_column(String(64))
    device: Mapped[str | None] = mapped_column(String(64))

    state: Mapped[str] = mapped_column(String(16))
    priority: Mapped[int] = mapped_column(default=0)
    attempt: Mapped[int] = mapped_column(default=0)
    checkpoint: Mapped[int] = mapped_column(default=0)
    stall_count: Mapped[int] = mapped_column(default=0)
    transient_count: Mapped[int] = mapped_column(default=0)
    cancel_requested_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    not_before: Mapped[datetime | None] = mapped_column(UtcDateTime)
    waiting_code: Mapped[str | None] = mapped_column(String(64))
    waiting_reason: Mapped[str | None] = mapped_column(String(2000))
    error_code: Mapped[str | None] = mapped_column(String(64))
    error_message: Mapped[str | None] = mapped_column(String(2000))

    warnings: Mapped[list[str]] = mapped_column(JSON, default=list)

    pcm_key: Mapped[str | None] = mapped_column(String(64))
    language: Mapped[str | None] = mapped_column(String(8))
    language_probability: Mapped[float | None]
    total_seconds: Mapped[float | None]
    done_seconds: Mapped[float] = mapped_column(default=0.0)
    busy_seconds: Mapped[float] = mapped_column(default=0.0)
    audio_seconds: Mapped[float | None]

    request_id: Mapped[str | None] = mapped_column(String(64))
    trace_parent: Mapped[str | None] = mapped_column(String(64))

    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    queued_at: Mapped[datetime] = mapped_column(UtcDateTime)
    started_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)

    @validates("name")
    def _keep_key(self, _attribute: str, name: str) -> str:
        self.name_key = fold_name(name)[:MAX_NAME_KEY_LENGTH]
        return name


class SpanRow(Base):
    """A piece of work that one worker holds at a time; a finished one is a checkpoint.

    `deaths` counts the workers lost on it since the job's last checkpoint.  It is counted for
    each span, because one power cut takes many workers and must not look like many deaths.

    `voices` tells people apart, so it goes as soon as the job ends, however that is.
    """

    __tablename__ = "spans"
    __table_args__ = (
        Index("ix_spans_state_lease_until", "state", "lease_until"),
        # Without it SQLite, which knows no row counts, looks for a job's waiting spans among all
        # the waiting spans there are.
        Index("ix_spans_job_id_generation_state_index", "job_id", "generation", "state", "index"),
    )

    job_id: Mapped[str] = mapped_column(ForeignKey("jobs.id", ondelete="CASCADE"), primary_key=True)
    generation: Mapped[int] = mapped_column(primary_key=True)
    index: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[str] = mapped_column(String(64), index=True)
    start: Mapped[float]
    end: Mapped[float]
    state: Mapped[str] = mapped_column(String(16))
    attempt: Mapped[int] = mapped_column(default=0)
    deaths: Mapped[int] = mapped_column(default=0)
    lease_owner: Mapped[str | None] = mapped_column(String(128))
    lease_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    started_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    done_seconds: Mapped[float] = mapped_column(default=0.0)
    voices: Mapped[StoredVoices | None] = mapped_column(JSON(none_as_null=True))


class JobEvent(Base):
    """What happened to a job; rows are only ever added, and go when the job goes.

    One stays for a while after that: the one that says so.  Whoever adds a row holds the job's row
    lock, so that the events of one job are committed in the order of their ids.
    """

    __tablename__ = "job_events"
    __table_args__ = (
        Index("ix_job_events_job_id_id", "job_id", "id"),
        Index("ix_job_events_user_id_id", "user_id", "id"),
        # Streams resume behind an id, so the id of a deleted row must never be given again.
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    job_id: Mapped[str] = mapped_column(String(32))
    user_id: Mapped[str] = mapped_column(String(64))
    generation: Mapped[int]
    attempt: Mapped[int]
    from_state: Mapped[str | None] = mapped_column(String(16))
    to_state: Mapped[str] = mapped_column(String(16))
    actor: Mapped[str] = mapped_column(String(128))
    detail: Mapped[str | None] = mapped_column(String(2000))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class OutboxEntry(Base):
    """A token still to be published; written with the change that calls for it."""

    __tablename__ = "outbox"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    job_id: Mapped[str] = mapped_column(ForeignKey("jobs.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class AccountTurn(Base):
    """When an account was last served; its row lock makes the running cap exact."""

    __tablename__ = "account_turns"

    user_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    served_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
