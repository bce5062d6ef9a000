"""What finished slices add to the counters of their process, once they are committed."""

from transcriber.engine.results import SpanResult
from transcriber.infra.meter import Meter
from transcriber.infra.metric_families import (
    DECODED_AUDIO,
    DROPPED_AUDIO,
    WORKED_AUDIO,
    WORKING,
)
from transcriber.jobs.checkpoints import Plan
from transcriber.jobs.claims import Claim
from transcriber.jobs.measurements import Phase


def count_plan(meter: Meter, claim: Claim, plan: Plan) -> None:
    """A recording that was decoded and planned."""
    meter.count(DECODED_AUDIO, amount=plan.duration)
    if plan.busy_seconds is not None:
        _count_work(meter, claim, plan.device, "planning", plan.duration, plan.busy_seconds)


def count_span(
    meter: Meter, claim: Claim, result: SpanResult, device: str, busy_seconds: float
) -> None:
    """A span that was transcribed, with what was not believed of it."""
    _count_work(meter, claim, device, "transcribing", claim.end - claim.start, busy_seconds)
    for passage in result.dropped:
        meter.count(DROPPED_AUDIO, passage.reason, amount=passage.end - passage.start)


def _count_work(  # noqa: PLR0917 -- private, and every caller passes all of them
    meter: Meter,
    claim: Claim,
    device: str,
    phase: Phase,
    audio_seconds: float,
    busy_seconds: float,
) -> None:
    labels = (claim.model, device, phase)
    meter.count(WORKED_AUDIO, *labels, amount=audio_seconds)
    meter.count(WORKING, *labels, amount=busy_seconds)
