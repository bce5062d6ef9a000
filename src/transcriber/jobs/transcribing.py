"""The other slices of a job: one span from its stored samples to segments."""

from collections.abc import Callable

from transcriber.engine.results import Span, SpanResult
from transcriber.infra.context import Context
from transcriber.jobs.claims import Claim
from transcriber.jobs.engines import SpeechEngine
from transcriber.jobs.options import read_options
from transcriber.jobs.samples import SAMPLE_BYTES, SAMPLE_RATE, to_audio


def transcribe_claimed(
    context: Context, claim: Claim, engine: SpeechEngine, check: Callable[[float], None]
) -> SpanResult:
    """Transcribe the claimed span; `check` gets the seconds done and may raise to stop it."""
    if claim.pcm_key is None or claim.language is None:
        raise RuntimeError(f"Span {claim.index} of job {claim.job_id} has no plan behind it.")
    options = read_options({**claim.options, "language": claim.language})
    first = round(claim.start * SAMPLE_RATE)
    count = round(claim.end * SAMPLE_RATE) - first
    data = context.storage.read_range(claim.pcm_key, first * SAMPLE_BYTES, count * SAMPLE_BYTES)
    check(0.0)
    stream = engine.transcribe_span(
        to_audio(data),
        Span(claim.index, claim.start, claim.end),
        options,
        on_progress=lambda done: check(max(0.0, done - claim.start)),
    )
    for segment in stream:
        check(max(0.0, segment.end - claim.start))
    return stream.result()
