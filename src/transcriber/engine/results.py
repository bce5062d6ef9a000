"""What the engine gives back: frozen values, times in seconds from the recording's start."""

from dataclasses import dataclass
from typing import Literal, get_args

DropReason = Literal["silence", "repetition", "low_confidence"]
DROP_REASONS: tuple[DropReason, ...] = get_args(DropReason)


@dataclass(frozen=True, slots=True)
class Word:
    """One word as spoken: `word` keeps its leading space, `probability` is in 0..1."""

    start: float
    end: float
    word: str
    probability: float


@dataclass(frozen=True, slots=True)
class Segment:
    """A passage of text between two times, with the decoder's own measures of trust.

    Attributes:
        start: Seconds from the recording's start.
        end: Seconds from the recording's start, never before `start`.
        text: As decoded, without surrounding white space.
        avg_logprob: Mean log-probability of its tokens.
        no_speech_prob: Probability in 0..1 that its window held no speech.
        compression_ratio: zlib ratio of its window's text; high means repetition.
        temperature: The sampling temperature that passed.
        words: Timed words, empty unless asked for.
        speaker: Who says it, where that is known.
    """

    start: float
    end: float
    text: str
    avg_logprob: float
    no_speech_prob: float
    compression_ratio: float
    temperature: float
    words: tuple[Word, ...] = ()
    speaker: str | None = None


@dataclass(frozen=True, slots=True)
class DroppedPassage:
    """Text the decoder produced and the engine refused to believe, kept for the record."""

    start: float
    end: float
    reason: DropReason
    text: str


@dataclass(frozen=True, slots=True)
class Span:
    """A bounded piece of a recording, cut at silence, that one worker transcribes at a time."""

    index: int
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class SpanResult:
    """One transcribed span: the unit a job stores as its checkpoint."""

    span: Span
    segments: tuple[Segment, ...]
    dropped: tuple[DroppedPassage, ...]


@dataclass(frozen=True, slots=True)
class DetectedLanguage:
    """A Whisper language code and its probability in 0..1 (1.0 when it was given)."""

    language: str
    probability: float


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a transcription is, in seconds of audio; `total_seconds` None while unknown."""

    done_seconds: float
    total_seconds: float | None


@dataclass(frozen=True, slots=True)
class Transcript:
    """The whole result.

    Attributes:
        language: What was spoken.
        duration: Seconds of audio decoded.
        segments: In order, never overlapping backwards.
        dropped: What was decoded and refused, in order.
        model: The staged model's name.
        task: `transcribe` or `translate`.
    """

    language: DetectedLanguage
    duration: float
    segments: tuple[Segment, ...]
    dropped: tuple[DroppedPassage, ...]
    model: str
    task: str
