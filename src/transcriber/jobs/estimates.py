"""Working time left, from measured speed alone: pure arithmetic, no database.

All is in *worker seconds*, the time one worker needs alone.  With real-time factors f of the
job's model and device (see `factor` below) and d the length of the recording in seconds:

    planning       = d * f_planning, less what the planning under way has taken
    transcribing   = (planned speech - speech done) * f_transcribing
    before a plan  = d * (share of speech) * f_transcribing

    factor         = busy / done of this job's finished spans; before there are any, that of the
                     newest measurements of its model and device; before there are any of these,
                     busy / done of the spans being worked on
    d              = as decoded; before that, size * (seconds per byte of the newest recordings
                     with the same suffix)

    running job    = its rest / workers that hold its spans
    queued job     = wait + its rest by one worker
    wait           = 0 when a worker is free for it, else
                     (rest of all spans being worked on + waiting work of the jobs before it)
                     / live workers

Whatever needs a number that was never measured is None, and so is a wait without live workers.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from transcriber.jobs.measurements import Pace


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldSpan:
    """A span that a worker holds; `length` and `done` are seconds of speech, `busy` of work."""

    is_plan: bool
    length: float
    done: float
    busy: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """What is known of a job's work.

    Attributes:
        total_seconds: Speech to transcribe; None before the plan.
        done_seconds: Speech in finished spans.
        busy_seconds: Work that went into finished spans.
        duration_seconds: Of the recording; None before it was decoded for the first time.
        size_bytes: Of the recording.
        suffix: Of the recording's name.
        held: The spans workers hold at present.
    """

    model: str
    device: str | None
    total_seconds: float | None
    done_seconds: float
    busy_seconds: float
    duration_seconds: float | None
    size_bytes: int
    suffix: str
    held: Sequence[HeldSpan] = field(default_factory=tuple[HeldSpan, ...])


def estimate_running(work: Work, pace: Pace) -> float | None:
    """Seconds until a job that workers hold is done."""
    held, waiting = estimate_held(work, pace), estimate_waiting(work, pace)
    if held is None or waiting is None:
        return None
    return (held + waiting) / max(1, len(work.held))


def estimate_held(work: Work, pace: Pace) -> float | None:
    """Worker seconds left of the spans being worked on."""
    if not work.held:
        return 0.0
    if any(span.is_plan for span in work.held):
        factor = pace.find_factor(work.model, work.device, "planning")
        duration = _measure(work, pace)
        if factor is None or duration is None:
            return None
        return max(0.0, duration * factor - sum(span.busy for span in work.held))
    factor = _find_factor(work, pace)
    if factor is None:
        return None
    return factor * sum(max(0.0, span.length - span.done) for span in work.held)


def estimate_waiting(work: Work, pace: Pace) -> float | None:
    """Worker seconds of what nobody has begun."""
    factor = _find_factor(work, pace)
    if factor is None:
        return None
    if work.total_seconds is not None:
        begun = work.done_seconds + sum(span.length for span in work.held)
        return factor * max(0.0, work.total_seconds - begun)
    duration, kind = _measure(work, pace), pace.kinds.get(work.suffix)
    planning = pace.find_factor(work.model, work.device, "planning")
    if duration is None or kind is None or planning is None:
        return None
    return duration * (kind.speech_share * factor + (0.0 if work.held else planning))


def estimate_wait(ahead: Sequence[float | None], *, spans_ahead: int, workers: int) -> float | None:
    """Seconds until a worker comes.

    Args:
        ahead: Worker seconds of every job before this one, and of the spans being worked on.
        spans_ahead: Spans being worked on and jobs that go first.
        workers: Live workers that take work.
    """
    if workers == 0:
        return None
    if spans_ahead < workers:
        return 0.0
    known = [each for each in ahead if each is not None]
    return sum(known) / workers if len(known) == len(ahead) else None


def _find_factor(work: Work, pace: Pace) -> float | None:
    if work.done_seconds > 0:
        return work.busy_seconds / work.done_seconds
    measured = pace.find_factor(work.model, work.device, "transcribing")
    if measured is not None:
        return measured
    # The very first job: a short recording has but one span, so a part of it must do.
    parts = [span for span in work.held if span.done > 0]
    done = sum(span.done for span in parts)
    return sum(span.busy for span in parts) / done if done > 0 else None


def _measure(work: Work, pace: Pace) -> float | None:
    if work.duration_seconds is not None:
        return work.duration_seconds
    kind = pace.kinds.get(work.suffix)
    return None if kind is None else work.size_bytes * kind.seconds_per_byte
