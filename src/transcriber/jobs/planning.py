"""The first slice of a job: decode the recording once, keep its samples, find the speech in it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from transcriber.engine import (
    MediaError,
    MediaLimits,
    PlannedSpan,
    SpanPlanner,
    TranscribeOptions,
    open_audio,
)
from transcriber.engine.media import AudioStream
from transcriber.engine.results import DetectedLanguage, Span
from transcriber.infra.context import Context
from transcriber.infra.metric_families import SANDBOX_FAILURES
from transcriber.infra.storage.errors import ObjectDamagedError
from transcriber.jobs.checkpoints import Plan
from transcriber.jobs.claims import Claim
from transcriber.jobs.decoded import DecodedWriter
from transcriber.jobs.engines import SpeechEngine
from transcriber.jobs.options import read_options
from transcriber.jobs.stages import Laps
from transcriber.recordings.repository import get_recording
from transcriber.recordings.verification import verify_recording

Check = Callable[[float], None]


@dataclass(slots=True, kw_only=True)
class Findings:
    """What was found so far."""

    engine: SpeechEngine
    options: TranscribeOptions
    spans: list[Span] = field(default_factory=list[Span])
    language: DetectedLanguage | None = None

    def add(self, planned: Sequence[PlannedSpan]) -> None:
        """Keep the spans; the first one's speech tells the language."""
        if planned and self.language is None:
            _, self.language = self.engine.resolve_language(self.options, planned[0].audio)
        self.spans.extend(each.span for each in planned)


def plan_recording(
    context: Context, claim: Claim, engine: SpeechEngine, checksum: str, check: Check
) -> Plan:
    """Do the planning slice; `check` is called for each block and may raise to stop it.

    Raises:
        MediaError: when the recording cannot be decoded; the message calls it by its owner's name.
        OptionsError: when the model cannot do what was asked.
        StorageFullError: when the samples do not fit.
        UnavailableError: when the recording cannot be read, or is not what was stored.
    """
    findings = Findings(engine=engine, options=read_options(claim.options))
    engine.check_options(findings.options)
    with context.database.snapshot() as session:
        recording = get_recording(session, claim.recording_id)
    limits = MediaLimits(max_duration_seconds=context.settings.max_duration_seconds)
    with context.storage.local_file(recording.storage_key) as path:
        _check_size(path, recording.size_bytes)
        writer = DecodedWriter(context.storage, wants_peaks=recording.peaks_key is None)
        try:
            with Laps(context.meter, context.tracer) as laps, open_audio(path, limits) as blocks:
                _decode(blocks, findings, writer, check, laps)
                return _conclude(blocks, findings, writer, checksum, laps)
        except MediaError as error:
            writer.abort()
            context.meter.count(SANDBOX_FAILURES, error.code)
            # The decoder cannot tell a bad disk from a bad recording; only the latter is final.
            verify_recording(context.storage, recording, check)
            raise MediaError(
                str(error).replace(path.name, recording.name), code=error.code
            ) from error
        except BaseException:
            writer.abort()
            raise


def _check_size(path: Path, expected: int) -> None:
    # A decoder would take a shorter file for a shorter recording.
    found = path.stat().st_size
    if found != expected:
        raise ObjectDamagedError(f"The storage has {found} of the recording's {expected} bytes.")


def _decode(
    blocks: AudioStream, findings: Findings, writer: DecodedWriter, check: Check, laps: Laps
) -> None:
    planner = SpanPlanner(vad_filter=findings.options.vad_filter)
    for block in laps.time_each("decode", blocks):
        check(0.0)
        with laps.time("store_samples"):
            writer.write(block)
        with laps.time("detect_speech"):
            planned = planner.feed(block)
        with laps.time("detect_language"):
            findings.add(planned)
    with laps.time("detect_speech"):
        planned = planner.finish()
    with laps.time("detect_language"):
        findings.add(planned)
    check(0.0)


def _conclude(
    blocks: AudioStream, findings: Findings, writer: DecodedWriter, checksum: str, laps: Laps
) -> Plan:
    summary = blocks.summary
    if summary is None:
        raise RuntimeError("The decoder ended without its summary.")
    engine = findings.engine
    with laps.time("store_samples"):
        pcm_key, peaks_key = writer.commit()
    return Plan(
        spans=findings.spans,
        pcm_key=pcm_key,
        peaks_key=peaks_key,
        duration=summary.duration,
        # Without speech there is no language to hear; English stands in, with no weight.
        language=findings.language or DetectedLanguage(findings.options.language or "en", 0.0),
        device=f"{engine.device} {engine.compute_type}",
        model_checksum=checksum,
        container=blocks.info.container,
        codec=blocks.info.codec,
        has_video=blocks.info.has_video,
        warnings=_describe(is_truncated=summary.truncated, corrupt=summary.corrupt_packets),
    )


def _describe(*, is_truncated: bool, corrupt: int) -> list[str]:
    warnings: list[str] = []
    if is_truncated:
        warnings.append("The recording ends before its header says; what exists was transcribed.")
    if corrupt:
        warnings.append(f"{corrupt} damaged passages of the recording were skipped.")
    return warnings
