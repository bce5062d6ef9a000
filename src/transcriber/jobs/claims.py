"""Work that one worker holds, and the fence that guards every write made for it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from transcriber.infra.ownership import for_everybody
from transcriber.jobs.models import PLAN_INDEX, SPEAKERS_INDEX, Job, SpanRow
from transcriber.jobs.states import JobState, SpanState


class LeaseLostError(Exception):
    """The work was given to somebody else, or its job has ended: stop, and write nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One span held under a lease; (job, generation, index, attempt) is the fence.

    Attributes:
        start: Of the span in the recording, seconds; 0 for planning.
        end: Of the span in the recording, seconds; 0 for planning.
        options: The engine's options as frozen at submission.
        request_id: Of the request that asked for the job, as its log lines have it.
        trace_parent: That request's place in a trace; None where it was not traced.
    """

    job_id: str
    user_id: str
    recording_id: str
    generation: int
    index: int
    attempt: int
    worker: str
    model: str
    model_checksum: str | None
    options: dict[str, Any]
    language: str | None
    pcm_key: str | None
    start: float
    end: float
    lease_until: datetime
    request_id: str | None = None
    trace_parent: str | None = None

    @property
    def is_plan(self) -> bool:
        """Whether the work is decoding and planning rather than transcribing."""
        return self.index == PLAN_INDEX

    @property
    def is_attribution(self) -> bool:
        """Whether the work is making speakers of the voices that all spans were heard to have."""
        return self.index == SPEAKERS_INDEX

    def describe(self) -> dict[str, Any]:
        """What every log line about it has."""
        return {
            "request_id": self.request_id,
            "job_id": self.job_id,
            "span": self.index,
            "attempt": self.attempt,
        }


@for_everybody
def lock_job(session: Session, job_id: str, *, skip_locked: bool = False) -> Job | None:
    """The job under its row lock: every change of a job or its spans takes it first.

    With `skip_locked` a job that somebody else holds is None, as one that is gone.
    """
    query = select(Job).where(Job.id == job_id).with_for_update(skip_locked=skip_locked)
    return session.scalar(query.execution_options(populate_existing=True))


def lock_claimed(session: Session, claim: Claim) -> tuple[Job, SpanRow]:
    """The claimed job and span, locked, when the claim still holds.

    Raises:
        LeaseLostError: when another attempt began or the job has ended or was retried.
    """
    job = lock_job(session, claim.job_id)
    if job is None or job.state != JobState.RUNNING or job.generation != claim.generation:
        raise LeaseLostError(f"Job {claim.job_id} no longer runs as it was claimed.")
    span = session.get(
        SpanRow, (claim.job_id, claim.generation, claim.index), populate_existing=True
    )
    if span is None or span.state != SpanState.RUNNING or span.attempt != claim.attempt:
        raise LeaseLostError(f"Span {claim.index} of job {claim.job_id} was claimed anew.")
    return job, span
