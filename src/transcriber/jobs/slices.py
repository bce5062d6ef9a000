"""The work itself, in two kinds of slice: planning a recording, and transcribing one span."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from transcriber.engine import MediaLimits, SpanPlanner, open_audio
from transcriber.engine.options import TranscribeOptions
from transcriber.engine.results import DetectedLanguage, Span, SpanResult
from transcriber.infra.context import Context
from transcriber.infra.identifiers import create_id
from transcriber.infra.storage import ObjectWriter
from transcriber.jobs.checkpoints import Plan
from transcriber.jobs.claims import Claim
from transcriber.jobs.engines import SpeechEngine
from transcriber.jobs.options import read_options
from transcriber.recordings.repository import get_recording

SAMPLE_RATE = 16_000
SAMPLE_BYTES = 2
_FULL_SCALE = 32_767.0

Check = Callable[[float], None]


def plan_recording(
    context: Context, claim: Claim, engine: SpeechEngine, checksum: str, check: Check
) -> Plan:
    """Decode the recording once, keep its samples, and find the speech in it.

    Raises:
        MediaError: when it cannot be decoded.
        OptionsError: when the model cannot do what was asked.
        StorageFullError: when the samples do not fit.
    """
    options = read_options(claim.options)
    engine.check_options(options)
    writer = context.storage.create(f"pcm/{create_id()}")
    try:
        plan = _decode(context, claim, engine, options, writer, check)
    except BaseException:
        writer.abort()
        raise
    return replace(plan, model_checksum=checksum)


def _decode(  # noqa: PLR0917 -- private, and its one caller passes all of them
    context: Context,
    claim: Claim,
    engine: SpeechEngine,
    options: TranscribeOptions,
    writer: ObjectWriter,
    check: Check,
) -> Plan:
    limits = MediaLimits(max_duration_seconds=context.settings.max_duration_seconds)
    with context.database.snapshot() as session:
        key = get_recording(session, claim.recording_id).storage_key
    planner = SpanPlanner(vad_filter=options.vad_filter)
    spans: list[Span] = []
    language: DetectedLanguage | None = None
    with context.storage.local_file(key) as path, open_audio(path, limits) as blocks:
        for block in blocks:
            check(0.0)
            writer.write(to_pcm(block))
            planned = planner.feed(block)
            if planned and language is None:
                _, language = engine.resolve_language(options, planned[0].audio)
            spans.extend(each.span for each in planned)
        planned = planner.finish()
        if planned and language is None:
            _, language = engine.resolve_language(options, planned[0].audio)
        spans.extend(each.span for each in planned)
        info, summary = blocks.info, blocks.summary
    if summary is None:
        raise RuntimeError("The decoder ended without its summary.")
    check(0.0)
    stored = writer.commit()
    return Plan(
        spans=spans,
        pcm_key=stored.key,
        duration=summary.duration,
        # Without speech there is no language to hear; English stands in, with no weight.
        language=language or DetectedLanguage(options.language or "en", 0.0),
        device=f"{engine.device} {engine.compute_type}",
        model_checksum="",
        container=info.container,
        codec=info.codec,
        warnings=_describe(is_truncated=summary.truncated, corrupt=summary.corrupt_packets),
    )


def transcribe_claimed(
    context: Context, claim: Claim, engine: SpeechEngine, check: Check
) -> SpanResult:
    """Transcribe the claimed span from the stored samples."""
    if claim.pcm_key is None or claim.language is None:
        raise RuntimeError(f"Span {claim.index} of job {claim.job_id} has no plan behind it.")
    options = read_options({**claim.options, "language": claim.language})
    first = round(claim.start * SAMPLE_RATE)
    count = round(claim.end * SAMPLE_RATE) - first
    data = context.storage.read_range(claim.pcm_key, first * SAMPLE_BYTES, count * SAMPLE_BYTES)
    span = Span(claim.index, claim.start, claim.end)
    check(0.0)
    stream = engine.transcribe_span(
        to_audio(data),
        span,
        options,
        on_progress=lambda done: check(max(0.0, done - claim.start)),
    )
    for segment in stream:
        check(max(0.0, segment.end - claim.start))
    return stream.result()


def to_pcm(audio: NDArray[np.float32]) -> bytes:
    """Samples in -1..1 as 16-bit little-endian integers."""
    return np.rint(np.clip(audio, -1.0, 1.0) * _FULL_SCALE).astype("<i2").tobytes()


def to_audio(data: bytes) -> NDArray[np.float32]:
    """The inverse of `to_pcm`."""
    return np.frombuffer(data, "<i2").astype(np.float32) / np.float32(_FULL_SCALE)


def _describe(*, is_truncated: bool, corrupt: int) -> list[str]:
    warnings: list[str] = []
    if is_truncated:
        warnings.append("The recording ends before its header says; what exists was transcribed.")
    if corrupt:
        warnings.append(f"{corrupt} damaged passages of the recording were skipped.")
    return warnings
