"""What a worker reports about the work it holds; every function is fenced by its claim.

All of them raise `LeaseLostError` when the claim no longer holds, and then have written nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from transcriber.engine.results import DetectedLanguage, Segment, Span, SpanResult
from transcriber.jobs.claims import Claim, LeaseLostError, lock_claimed
from transcriber.jobs.lifecycle import count_spans, forget_deaths, move_job, settle_job
from transcriber.jobs.measurements import record_recording, record_speed
from transcriber.jobs.models import SPEAKERS_INDEX, Job, SpanRow, StoredVoices
from transcriber.jobs.states import JobState, SpanState
from transcriber.recordings.models import Recording
from transcriber.recordings.repository import get_recording
from transcriber.transcripts.models import TranscriptRow
from transcriber.transcripts.service import complete_transcript, store_span_result
from transcriber.transcripts.unfinished import replace_segments

MAX_TRANSIENT_FAILURES = 5
FIRST_BACKOFF = timedelta(seconds=5)
LONGEST_BACKOFF = timedelta(minutes=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What the planning slice found.

    Attributes:
        spans: Speech, in order; empty for a silent recording.
        pcm_key: The stored 16 kHz mono 16-bit samples.
        duration: Seconds of audio decoded.
        language: Given or detected.
        device: What the engine runs on, such as `cpu int8_float32`.
        model_checksum: SHA-256 of the model; every span of the job must meet the same one.
        container: The media's container, as the decoder names it.
        codec: The audio's codec, as the decoder names it.
        has_video: Whether it has moving pictures; None where nobody looked.
        peaks_key: The stored waveform; None where the recording has one already.
        warnings: Sentences for the owner, as when the recording ends too early.
        busy_seconds: What decoding and planning took; None where nobody looked at a clock.
    """

    spans: Sequence[Span]
    pcm_key: str
    duration: float
    language: DetectedLanguage
    device: str
    model_checksum: str
    container: str
    codec: str
    has_video: bool | None = None
    peaks_key: str | None = None
    warnings: Sequence[str] = ()
    busy_seconds: float | None = None

    def list_keys(self) -> list[str]:
        """Everything that was stored for it."""
        return [key for key in (self.pcm_key, self.peaks_key) if key is not None]


@dataclass(frozen=True, slots=True)
class Attribution:
    """What became of telling the speakers apart.

    Attributes:
        segments: The segments of each span with their speakers; None where there are none to tell.
        warning: A sentence for the owner, where speakers are missing.
    """

    segments: Mapping[int, Sequence[Segment]] | None
    warning: str | None = None


class PlanLostError(LeaseLostError):
    """The plan came too late: no row names its objects, the `keys`, and none ever will."""

    def __init__(self, reason: str, keys: Sequence[str]) -> None:
        super().__init__(reason)
        self.keys = keys


def store_plan(session: Session, claim: Claim, plan: Plan, now: datetime) -> Job:
    """T3 for the planning slice: the spans become work; T5 when there is no speech at all.

    Raises:
        PlanLostError: when the claim no longer holds.
    """
    try:
        job, row = lock_claimed(session, claim)
    except LeaseLostError as error:
        raise PlanLostError(str(error), plan.list_keys()) from error
    _finish(row)
    job.pcm_key = plan.pcm_key
    job.language = plan.language.language
    job.language_probability = plan.language.probability
    job.total_seconds = sum(span.end - span.start for span in plan.spans)
    job.model_checksum = plan.model_checksum
    job.device = plan.device
    job.warnings = list(plan.warnings)
    recording = get_recording(session, job.recording_id)
    recording.duration_seconds = plan.duration
    recording.container = plan.container[:64]
    recording.codec = plan.codec[:64]
    if plan.has_video is not None:
        recording.has_video = plan.has_video
    for span in plan.spans:
        session.add(
            SpanRow(
                job_id=job.id,
                generation=job.generation,
                index=span.index,
                user_id=job.user_id,
                start=span.start,
                end=span.end,
                state=SpanState.QUEUED,
            )
        )
    _measure_planning(session, job, recording, plan, now)
    _advance(session, job, claim, now)
    return job


def store_span(  # noqa: PLR0917 -- as all reports, with one more thing to report
    session: Session,
    claim: Claim,
    result: SpanResult,
    busy_seconds: float,
    now: datetime,
    voices: StoredVoices | None = None,
) -> None:
    """T3 for a span: its segments and its end in one transaction; T5 when it was the last."""
    job, row = lock_claimed(session, claim)
    _finish(row)
    row.voices = voices
    job.done_seconds += row.end - row.start
    job.busy_seconds += busy_seconds
    record_speed(
        session,
        model=job.model,
        device=job.device or "",
        phase="transcribing",
        audio_seconds=row.end - row.start,
        busy_seconds=busy_seconds,
        now=now,
    )
    store_span_result(
        session,
        user_id=job.user_id,
        job_id=job.id,
        generation=job.generation,
        result=result,
    )
    _advance(session, job, claim, now)


def store_speakers(session: Session, claim: Claim, found: Attribution, now: datetime) -> None:
    """T3 for the speakers, and T5 with it: it is the last slice of its job."""
    job, row = lock_claimed(session, claim)
    _finish(row)
    if found.segments is not None:
        replace_segments(session, job.user_id, job.id, job.generation, found.segments)
    if found.warning is not None:
        job.warnings = [*job.warnings, found.warning]
    _advance(session, job, claim, now)


def release_claim(session: Session, claim: Claim, now: datetime) -> None:
    """T4: give the span back without penalty, as when the process drains."""
    job, row = lock_claimed(session, claim)
    _requeue(row)
    settle_job(session, job, actor=claim.worker, now=now)


def wait_for_part(
    session: Session, claim: Claim, code: str, reason: str, *, now: datetime, delay: timedelta
) -> None:
    """T4 with the reason shown: model, memory or storage is away, which is not the job's fault."""
    job, row = lock_claimed(session, claim)
    _requeue(row)
    job.not_before = now + delay
    job.waiting_code, job.waiting_reason = code, reason[:2000]
    settle_job(session, job, actor=claim.worker, now=now)


def retry_later(session: Session, claim: Claim, code: str, reason: str, now: datetime) -> None:
    """T6 for a transient failure: back into the queue with a growing pause, or failed."""
    job, row = lock_claimed(session, claim)
    job.transient_count += 1
    # A decoder that crashed twice on one recording will crash a third time.
    limit = 2 if code == "decoder_crashed" else MAX_TRANSIENT_FAILURES
    if job.transient_count >= limit:
        _fail(session, job, claim, code, reason, now)
        return
    _requeue(row)
    backoff = FIRST_BACKOFF * 2 ** (job.transient_count - 1)
    job.not_before = now + min(backoff, LONGEST_BACKOFF)
    job.waiting_code, job.waiting_reason = code, reason[:2000]
    settle_job(session, job, actor=claim.worker, now=now)


def fail_job(session: Session, claim: Claim, code: str, reason: str, now: datetime) -> None:
    """T6 for a permanent failure."""
    job, _ = lock_claimed(session, claim)
    _fail(session, job, claim, code, reason, now)


def cancel_claimed(session: Session, claim: Claim, now: datetime) -> None:
    """T8: the owner asked for it while the span ran."""
    job, _ = lock_claimed(session, claim)
    move_job(session, job, JobState.CANCELLED, actor=claim.worker, now=now)


def _measure_planning(
    session: Session, job: Job, recording: Recording, plan: Plan, now: datetime
) -> None:
    record_recording(
        session,
        name=job.name,
        size_bytes=recording.size_bytes,
        duration_seconds=plan.duration,
        speech_seconds=job.total_seconds or 0.0,
        now=now,
    )
    if plan.busy_seconds is not None:
        record_speed(
            session,
            model=job.model,
            device=plan.device,
            phase="planning",
            audio_seconds=plan.duration,
            busy_seconds=plan.busy_seconds,
            now=now,
        )


def _advance(session: Session, job: Job, claim: Claim, now: datetime) -> None:
    job.checkpoint += 1
    job.stall_count = job.transient_count = 0
    job.updated_at = now
    forget_deaths(session, job)
    if count_spans(session, job, SpanState.QUEUED, SpanState.RUNNING) > 0:
        return
    if job.options.get("speakers") is None or claim.is_plan or claim.is_attribution:
        _complete(session, job, claim, now)
        return
    session.add(
        SpanRow(
            job_id=job.id,
            generation=job.generation,
            index=SPEAKERS_INDEX,
            user_id=job.user_id,
            start=0.0,
            end=0.0,
            state=SpanState.QUEUED,
        )
    )


def _complete(session: Session, job: Job, claim: Claim, now: datetime) -> None:
    recording = get_recording(session, job.recording_id)
    # With the state, and not with the plan: this update renews the indexes in any case.
    job.audio_seconds = recording.duration_seconds
    row = TranscriptRow(
        job_id=job.id,
        generation=job.generation,
        user_id=job.user_id,
        recording_id=job.recording_id,
        name=job.name,
        language=job.language or "en",
        language_probability=job.language_probability or 0.0,
        duration_seconds=recording.duration_seconds or 0.0,
        model=job.model,
        model_checksum=job.model_checksum,
        task=str(job.options.get("task", "transcribe")),
        created_at=now,
    )
    complete_transcript(session, row)
    move_job(session, job, JobState.COMPLETED, actor=claim.worker, now=now)


def _fail(  # noqa: PLR0917 -- private, and every caller passes all of them
    session: Session, job: Job, claim: Claim, code: str, reason: str, now: datetime
) -> None:
    job.error_code, job.error_message = code, reason[:2000]
    move_job(session, job, JobState.FAILED, actor=claim.worker, now=now, detail=code)


def _finish(row: SpanRow) -> None:
    row.state = SpanState.DONE
    row.lease_owner = row.lease_until = None
    row.done_seconds = row.end - row.start


def _requeue(row: SpanRow) -> None:
    row.state = SpanState.QUEUED
    row.lease_owner = row.lease_until = None
    row.done_seconds = 0.0
