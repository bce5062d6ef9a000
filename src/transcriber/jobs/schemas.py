"""The shapes of answers about jobs and models."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal

from pydantic import Field

from transcriber.infra.errors import ServiceError
from transcriber.infra.problems import Problem, describe_problem
from transcriber.infra.schemas import ResponseModel
from transcriber.jobs.batches import BatchResult
from transcriber.jobs.intake import Acceptance
from transcriber.jobs.progress import JobView

State = Literal["queued", "running", "completed", "failed", "cancelled", "quarantined"]


class JobError(ResponseModel):
    """Why a job failed: a stable code and one sentence."""

    code: str
    message: str


class JobRead(ResponseModel):
    """A job as its owner sees it."""

    id: str
    recording_id: str = Field(description="For `/recordings/{recording_id}`; jobs may share one.")
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
    has_transcript: bool = Field(
        description="False before the job completes, and once its transcript was deleted."
    )
    tags: list[str] = Field(description="Of its transcript, in order.")
    generation: int
    attempt: int
    cancel_requested: bool
    waiting_code: str | None = Field(
        description="Names what a queued job waits for beside its turn, such as its model."
    )
    waiting_reason: str | None = Field(description="The same in a sentence.")
    error: JobError | None
    warnings: list[str]
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    updated_at: datetime


class DuplicateRead(ResponseModel):
    """What the account had of the same bytes before."""

    recording_id: str = Field(description="Its oldest recording of them.")
    name: str
    has_audio: bool
    created_at: datetime
    job_ids: list[str] = Field(
        description="Completed jobs over these bytes with the same model and options, newest "
        "first: their transcripts are there already."
    )


class JobAccepted(JobRead):
    """A job as the submission that led to it is answered."""

    duplicate_of: DuplicateRead | None = Field(
        description="Set where the account had sent the same bytes before."
    )


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


class BatchItem(ResponseModel):
    """What came of one file of a batch."""

    index: int = Field(description="Its place in the request, from 0.")
    name: str
    status: int = Field(description="What `POST /jobs/` would have answered for it alone.")
    job: JobAccepted | None
    problem: Problem | None = Field(description="Why there is no job; null where there is one.")


class BatchAnswer(ResponseModel):
    """What came of a batch, file by file, in the order of the request."""

    accepted: int
    refused: int
    items: list[BatchItem]


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
            "has_transcript": view.has_transcript,
            "tags": list(view.tags),
            "task": job.options["task"],
            "cancel_requested": job.cancel_requested_at is not None,
            "error": error,
        }
    )


def show_acceptance(acceptance: Acceptance) -> JobAccepted:
    """The answer to a submission."""
    found = acceptance.duplicate
    duplicate = None
    if found is not None:
        recording = found.recording
        duplicate = DuplicateRead(
            recording_id=recording.id,
            name=recording.name,
            has_audio=recording.removed_at is None,
            created_at=recording.created_at,
            job_ids=list(found.job_ids),
        )
    shown = show_job(acceptance.view)
    return JobAccepted.model_validate({**shown.model_dump(), "duplicate_of": duplicate})


def show_batch(results: Sequence[BatchResult], request_id: str | None) -> BatchAnswer:
    """The answer to a batch."""
    items = [_show_result(index, result, request_id) for index, result in enumerate(results)]
    refused = sum(item.problem is not None for item in items)
    return BatchAnswer(accepted=len(items) - refused, refused=refused, items=items)


def _show_result(index: int, result: BatchResult, request_id: str | None) -> BatchItem:
    if result.acceptance is None:
        error = result.error or ServiceError("Nothing came of this file.")
        problem = Problem.model_validate(describe_problem(error, request_id))
        return BatchItem(
            index=index, name=result.name, status=error.status, job=None, problem=problem
        )
    status = 200 if result.acceptance.is_reused else 201
    job = show_acceptance(result.acceptance)
    return BatchItem(index=index, name=result.name, status=status, job=job, problem=None)


_COLUMNS = (
    "id",
    "recording_id",
    "name",
    "total_seconds",
    "model",
    "options",
    "language",
    "language_probability",
    "generation",
    "attempt",
    "waiting_code",
    "waiting_reason",
    "warnings",
    "created_at",
    "started_at",
    "finished_at",
    "updated_at",
)
