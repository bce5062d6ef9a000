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
    return tracer.trace(_name_slice(claim), "consumer", claim.trace_parent, about)


def _name_slice(claim: Claim) -> str:
    if claim.is_plan:
        return "plan recording"
    return "attribute speakers" if claim.is_attribution else "transcribe span"
