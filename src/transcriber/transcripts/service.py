"""Keeping results as they arrive, and giving whole transcripts back."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from transcriber.engine.results import (
    DetectedLanguage,
    DroppedPassage,
    Segment,
    SpanResult,
    Transcript,
    Word,
)
from transcriber.infra.errors import NotFoundError
from transcriber.transcripts import repository
from transcriber.transcripts.models import DroppedPassageRow, SegmentRow, TranscriptRow

SPAN_STRIDE = 1_000_000
"""Room for the segments of one span; a span of two minutes has a few hundred at the most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredTranscript:
    """A transcript with what the service knows about it."""

    row: TranscriptRow
    transcript: Transcript


def store_span_result(
    session: Session, *, user_id: str, job_id: str, generation: int, result: SpanResult
) -> None:
    """Add a finished span's segments and dropped passages to the transaction."""
    first = result.span.index * SPAN_STRIDE
    key = {"user_id": user_id, "job_id": job_id, "generation": generation}
    for index, segment in enumerate(result.segments, first):
        session.add(SegmentRow(**key, index=index, **asdict(segment)))
    for index, passage in enumerate(result.dropped, first):
        session.add(DroppedPassageRow(**key, index=index, **asdict(passage)))


def complete_transcript(session: Session, row: TranscriptRow) -> TranscriptRow:
    """Number the stored segments and add the transcript to the transaction."""
    session.flush()
    row.segment_count = repository.renumber(session, SegmentRow, row.job_id, row.generation)
    repository.renumber(session, DroppedPassageRow, row.job_id, row.generation)
    session.add(row)
    return row


def read_transcript(session: Session, user_id: str, job_id: str) -> StoredTranscript:
    """The newest transcript of the owner's job.

    Raises:
        NotFoundError: when there is none (yet), or the job is somebody else's.
    """
    row = repository.find_transcript(session, user_id, job_id)
    if row is None:
        raise NotFoundError("There is no transcript of such a job.", code="transcript_not_found")
    segments = repository.list_segments(session, job_id, row.generation)
    dropped = repository.list_dropped(session, job_id, row.generation)
    transcript = Transcript(
        language=DetectedLanguage(row.language, row.language_probability),
        duration=row.duration_seconds,
        segments=tuple(_to_segment(each) for each in segments),
        dropped=tuple(_to_passage(each) for each in dropped),
        model=row.model,
        task=row.task,
    )
    return StoredTranscript(row=row, transcript=transcript)


def list_transcripts(
    session: Session, user_id: str, *, after: tuple[datetime, str] | None, limit: int
) -> Sequence[TranscriptRow]:
    """The owner's transcripts, newest first."""
    return repository.list_transcripts(session, user_id, after=after, limit=limit)


def delete_results(session: Session, user_id: str, job_id: str) -> None:
    """Remove whatever an owner's job produced."""
    repository.delete_results(session, user_id, job_id)


def _to_segment(row: SegmentRow) -> Segment:
    return Segment(
        start=row.start,
        end=row.end,
        text=row.text,
        avg_logprob=row.avg_logprob,
        no_speech_prob=row.no_speech_prob,
        compression_ratio=row.compression_ratio,
        temperature=row.temperature,
        words=tuple(Word(**word) for word in row.words),
        speaker=row.speaker,
    )


def _to_passage(row: DroppedPassageRow) -> DroppedPassage:
    if row.reason not in {"silence", "repetition", "low_confidence"}:
        raise ValueError(f"Job {row.job_id} stores the unknown drop reason {row.reason!r}.")
    return DroppedPassage(row.start, row.end, row.reason, row.text)  # pyright: ignore[reportArgumentType] -- checked above
