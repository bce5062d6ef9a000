"""Keeping results as they arrive, giving transcripts back, and deleting them."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy.orm import Session

from transcriber.engine.results import (
    DetectedLanguage,
    DroppedPassage,
    Segment,
    SpanResult,
    Transcript,
    Word,
)
from transcriber.infra.audit import record_act
from transcriber.infra.clock import read_database_time
from transcriber.infra.errors import InvalidError, NotFoundError
from transcriber.transcripts import repository
from transcriber.transcripts.errors import TranscriptGoneError
from transcriber.transcripts.filters import TranscriptFilter
from transcriber.transcripts.models import (
    SPAN_STRIDE,
    DeletedTranscriptRow,
    DroppedPassageRow,
    SegmentRow,
    TranscriptRow,
)
from transcriber.transcripts.search.entries import forget_entries, index_transcript
from transcriber.transcripts.sorting import Order


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredTranscript:
    """A transcript with what the service knows about it.

    Attributes:
        row: Its row.
        revision: Which of its revisions this is.
        indexes: By which edits name the segments, in the same order.
        transcript: The content.
    """

    row: TranscriptRow
    revision: int
    indexes: tuple[int, ...]
    transcript: Transcript


@dataclass(frozen=True, slots=True)
class SegmentSlice:
    """Some segments of a revision.

    Attributes:
        rows: In order.
        offset: How many of the revision's segments come before the first of them.
        total: How many segments the revision has.
        is_last: Whether nothing that was asked for comes after them.
    """

    rows: Sequence[SegmentRow]
    offset: int
    total: int
    is_last: bool


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
    """Number the stored segments, let them be found, and add the transcript to the transaction."""
    session.flush()
    row.segment_count = repository.renumber(session, SegmentRow, row.job_id, row.generation)
    repository.renumber(session, DroppedPassageRow, row.job_id, row.generation)
    session.add(row)
    index_transcript(session, row.user_id, row.job_id, row.generation)
    return row


def require_transcript(
    session: Session, user_id: str, job_id: str, *, lock: bool = False
) -> TranscriptRow:
    """The transcript of the owner's job, locked where it is about to change.

    Raises:
        NotFoundError: when there is none (yet), or the job is somebody else's.
        TranscriptGoneError: when the owner deleted it.
    """
    row = repository.find_transcript(session, user_id, job_id, lock=lock)
    if row is not None:
        return row
    if repository.is_deleted(session, user_id, job_id):
        raise TranscriptGoneError("The transcript of this job was deleted.")
    raise NotFoundError("There is no transcript of such a job.", code="transcript_not_found")


def choose_revision(row: TranscriptRow, revision: int | None) -> int:
    """The revision that is asked for, or the newest.

    Raises:
        NotFoundError: `revision_not_found`.
    """
    if revision is None:
        return row.revision
    if not 0 <= revision <= row.revision:
        raise NotFoundError(
            f"The transcript has no such revision; its newest is {row.revision}.",
            code="revision_not_found",
        )
    return revision


def read_transcript(
    session: Session, user_id: str, job_id: str, revision: int | None = None
) -> StoredTranscript:
    """The transcript of the owner's job: the newest revision unless another is asked for.

    Raises:
        NotFoundError: when there is none (yet), the job is somebody else's, or it has no such
            revision.
        TranscriptGoneError: when the owner deleted it.
    """
    row = require_transcript(session, user_id, job_id)
    chosen = choose_revision(row, revision)
    segments = repository.list_segments(session, row, chosen)
    dropped = repository.list_dropped(session, row)
    transcript = Transcript(
        language=DetectedLanguage(row.language, row.language_probability),
        duration=row.duration_seconds,
        segments=tuple(read_segment(each) for each in segments),
        dropped=tuple(_to_passage(each) for each in dropped),
        model=row.model,
        task=row.task,
    )
    indexes = tuple(each.index for each in segments)
    return StoredTranscript(row=row, revision=chosen, indexes=indexes, transcript=transcript)


def list_segments(
    session: Session,
    transcript: TranscriptRow,
    revision: int,
    *,
    after: int | None,
    ending_after: float | None,
    skip: int,
    limit: int,
) -> SegmentSlice:
    """A page of a revision's segments, from behind the one with the index `after`.

    Raises:
        InvalidError: `unknown_segment`, when the transcript never had that one.
    """
    place = None
    if after is not None:
        # Rows are kept, so the place of one that was corrected meanwhile is still known.
        known = repository.find_segments(session, transcript, [after]).get(after)
        if known is None:
            raise InvalidError(f"The transcript has no segment {after}.", code="unknown_segment")
        place = (known.start, known.index)
    rows = repository.list_segments(
        session,
        transcript,
        revision,
        after=place,
        ending_after=ending_after,
        skip=skip,
        limit=limit + 1,
    )
    total = repository.count_segments(session, transcript, revision)
    offset = total
    if rows:
        first = (rows[0].start, rows[0].index)
        offset = repository.count_segments(session, transcript, revision, before=first)
    return SegmentSlice(rows[:limit], offset, total, is_last=len(rows) <= limit)


def read_overview(
    session: Session, user_id: str, job_id: str
) -> tuple[TranscriptRow, Sequence[DroppedPassageRow]]:
    """What is known of the transcript of the owner's job beside its segments.

    Raises:
        NotFoundError: when there is none (yet), or the job is somebody else's.
        TranscriptGoneError: when the owner deleted it.
    """
    row = require_transcript(session, user_id, job_id)
    return row, repository.list_dropped(session, row)


def list_transcripts(
    session: Session, user_id: str, wanted: TranscriptFilter, order: Order, *, limit: int
) -> Sequence[TranscriptRow]:
    """Those of the owner's transcripts that are wanted, in this order."""
    return repository.list_transcripts(session, user_id, wanted, order, limit=limit)


def require_transcripts(session: Session, user_id: str, job_ids: Sequence[str] | None) -> None:
    """See that there is a transcript of each of the owner's jobs, or any where none is named.

    Raises:
        NotFoundError: when there is not; which one it is remains unsaid, as for a single one.
    """
    found = repository.count_jobs(session, user_id, job_ids)
    if not found or (job_ids is not None and found < len(job_ids)):
        raise NotFoundError(
            "There are no transcripts of all of these jobs."
            if job_ids is not None
            else "There is no transcript yet.",
            code="transcript_not_found",
        )


def read_segment(row: SegmentRow) -> Segment:
    """The content of a row."""
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


def delete_transcript(session: Session, user_id: str, job_id: str) -> None:
    """Delete the transcript of the owner's job for good; a second time changes nothing.

    Raises:
        NotFoundError: there never was one of the account.
    """
    try:
        require_transcript(session, user_id, job_id, lock=True)
    except TranscriptGoneError:
        return
    repository.delete_content(session, user_id, job_id)
    forget_entries(session, user_id, job_id)
    deleted_at = read_database_time(session)
    session.add(DeletedTranscriptRow(job_id=job_id, user_id=user_id, deleted_at=deleted_at))
    record_act(
        session,
        actor=f"account:{user_id}",
        action="transcript.delete",
        object_id=job_id,
        user_id=user_id,
    )


def delete_results(session: Session, user_id: str, job_id: str) -> None:
    """Remove whatever an owner's job produced."""
    repository.delete_results(session, user_id, job_id)
    # Last: whoever was filling the index held the transcript's row, and is done by now.
    forget_entries(session, user_id, job_id)


def describe_segment(segment: Segment) -> dict[str, Any]:
    """A segment's content as the columns and the answers have it.

    `asdict` copies deeply, which for a day of words takes seconds.
    """
    words = [
        {"start": each.start, "end": each.end, "word": each.word, "probability": each.probability}
        for each in segment.words
    ]
    return {
        "start": segment.start,
        "end": segment.end,
        "text": segment.text,
        "avg_logprob": segment.avg_logprob,
        "no_speech_prob": segment.no_speech_prob,
        "compression_ratio": segment.compression_ratio,
        "temperature": segment.temperature,
        "words": words,
        "speaker": segment.speaker,
    }


def _to_passage(row: DroppedPassageRow) -> DroppedPassage:
    if row.reason not in {"silence", "repetition", "low_confidence"}:
        raise ValueError(f"Job {row.job_id} stores the unknown drop reason {row.reason!r}.")
    return DroppedPassage(row.start, row.end, row.reason, row.text)  # pyright: ignore[reportArgumentType] -- checked above
