"""The shapes of answers about jobs and models."""

from datetime import datetime
from typing import Any, Literal

from pydantic import Field

from transcriber.infra.schemas import ResponseModel
from transcriber.jobs.progress import JobView

State = Literal["queued", "running", "completed", "failed", "cancelled", "quarantined"]


class JobError(ResponseModel):
    """Why a job failed: a stable code and one sentence."""

    code: str
    message: str


class JobRead(ResponseModel):
    """A job as its owner sees it."""

    id: str
    name: str
    state: State
    phase: Literal["planning", "transcribing"] = Field(
        description="Planning decodes the recording and finds the speech in it."
    )
    progress: float | None = Field(description="Share done, 0 to 1; null before the plan.")
    done_seconds: float = Field(description="Speech transcribed so far.")
    total_seconds: float | None = Field(description="Speech to transcribe; null before the plan.")
    eta_seconds: float | None = Field(
        description="Time until it is done by measured speed, the wait in the queue included; "
        "null where nothing was measured yet or no worker is there."
    )
    queue_position: int | None = Field(description="From 1 while the job waits for a worker.")
    model: str
    task: Literal["transcribe", "translate"]
    options: dict[str, Any]
    language: str | None
    language_probability: float | None
    duration_seconds: float | None = Field(description="Of the recording; null before the plan.")
    size_bytes: int
    has_audio: bool = Field(description="False once the recording was removed.")
    generation: int
    attempt: int
    cancel_requested: bool
    waiting_reason: str | None = Field(description="What a queued job waits for beside its turn.")
    error: JobError | None
    warnings: list[str]
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    updated_at: datetime


class JobPage(ResponseModel):
    """One page of the owner's jobs, newest first."""

    items: list[JobRead]
    next_cursor: str | None = Field(description="Ask with it for the next page; null on the last.")
    total: int


class ModelRead(ResponseModel):
    """A staged model that jobs may name."""

    name: str
    kind: Literal["checkpoint", "ctranslate2"]
    size_bytes: int
    is_multilingual: bool
    is_default: bool
    languages: list[str]
    problem: str | None = Field(description="Why it cannot be used, or null.")


class ModelList(ResponseModel):
    """What is staged."""

    items: list[ModelRead]


def show_job(view: JobView) -> JobRead:
    """The answer about one job."""
    job = view.job
    error = (
        JobError(code=job.error_code, message=job.error_message or "")
        if job.error_code is not None
        else None
    )
    return JobRead.model_validate(
        {
            **{name: getattr(job, name) for name in _COLUMNS},
            "state": str(job.state),
            "phase": "planning" if job.total_seconds is None else "transcribing",
            "progress": view.progress,
            "done_seconds": view.done_seconds,
            "eta_seconds": view.eta_seconds,
            "queue_position": view.queue_position,
            "duration_seconds": view.duration_seconds,
            "size_bytes": view.size_bytes,
            "has_audio": view.has_audio,
            "task": job.options["task"],
            "cancel_requested": job.cancel_requested_at is not None,
            "error": error,
        }
    )


_COLUMNS = (
    "id",
    "name",
    "total_seconds",
    "model",
    "options",
    "language",
    "language_probability",
    "generation",
    "attempt",
    "waiting_reason",
    "warnings",
    "created_at",
    "started_at",
    "finished_at",
    "updated_at",
)
