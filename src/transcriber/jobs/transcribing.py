"""The other slices of a job: one span from its stored samples to segments."""

from collections.abc import Callable
from dataclasses import dataclass

from transcriber.engine.results import Span, SpanResult
from transcriber.infra.context import Context
from transcriber.infra.storage.errors import ObjectDamagedError
from transcriber.jobs.claims import Claim
from transcriber.jobs.engines import SpeechEngine
from transcriber.jobs.memory_fallback import describe_fewer
from transcriber.jobs.models import StoredVoices
from transcriber.jobs.options import settle_options
from transcriber.jobs.samples import SAMPLE_BYTES, SAMPLE_RATE, to_audio
from transcriber.jobs.voices import hear_claimed


@dataclass(frozen=True, slots=True)
class TranscribedSpan:
    """A span's text, and its voices where speakers are told apart."""

    result: SpanResult
    voices: StoredVoices | None = None


def transcribe_claimed(
    context: Context,
    claim: Claim,
    engine: SpeechEngine,
    check: Callable[[float], None],
    note: Callable[[str], None],
) -> TranscribedSpan:
    """Transcribe the claimed span; `check` gets the seconds done and may raise to stop it.

    `note` gets a sentence when memory ran out and the span went on with fewer hypotheses.

    Raises:
        ObjectDamagedError: the stored samples end before the span does.
        UnavailableError: they cannot be read.
    """
    if claim.pcm_key is None or claim.language is None:
        raise RuntimeError(f"Span {claim.index} of job {claim.job_id} has no plan behind it.")
    options = settle_options(claim.options, claim.language)
    first = round(claim.start * SAMPLE_RATE)
    count = round(claim.end * SAMPLE_RATE) - first
    data = context.storage.read_range(claim.pcm_key, first * SAMPLE_BYTES, count * SAMPLE_BYTES)
    if len(data) < count * SAMPLE_BYTES:
        raise ObjectDamagedError(
            f"The recording's samples end {count - len(data) // SAMPLE_BYTES} samples too early; "
            "trying the job again decodes it anew."
        )
    check(0.0)
    reached = claim.start

    def follow(done: float) -> None:
        nonlocal reached
        reached = max(claim.start, done)
        check(reached - claim.start)

    audio, span = to_audio(data), Span(claim.index, claim.start, claim.end)
    stream = engine.transcribe_span(
        audio,
        span,
        options,
        on_progress=follow,
        on_fewer=lambda before, after: note(describe_fewer(before, after, reached, claim.end)),
    )
    for segment in stream:
        check(max(0.0, segment.end - claim.start))
    result = stream.result()
    if options.speakers is None:
        return TranscribedSpan(result)
    length = claim.end - claim.start
    return TranscribedSpan(
        result, hear_claimed(context, engine, audio, span, lambda: check(length))
    )
