"""A worker's slice as a part of the request that asked for its job."""

from contextlib import AbstractContextManager

from transcriber.infra.tracing import Traced, Tracer
from transcriber.jobs.claims import Claim


def trace_slice(tracer: Tracer, claim: Claim) -> AbstractContextManager[Traced]:
    """What is done meanwhile is this slice; where the request was not traced, it begins a trace."""
    about: dict[str, str | int | float] = {
        "transcriber.job_id": claim.job_id,
        "transcriber.span": claim.index,
        "transcriber.attempt": claim.attempt,
        "transcriber.model": claim.model,
        "transcriber.audio_seconds": claim.end - claim.start,
    }
    if claim.request_id is not None:
        about["transcriber.request_id"] = claim.request_id
    name = "plan recording" if claim.is_plan else "transcribe span"
    return tracer.trace(name, "consumer", claim.trace_parent, about)
