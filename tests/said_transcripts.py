"""Transcripts of given texts, made the way a worker completes them."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from job_builders import build_segment
from transcriber.engine.results import Span, SpanResult
from transcriber.infra.context import Context
from transcriber.infra.identifiers import create_id
from transcriber.transcripts.models import TranscriptRow
from transcriber.transcripts.service import complete_transcript, store_span_result

SECONDS_EACH = 3.0
MOMENT = datetime(2026, 3, 1, tzinfo=UTC)


def add_transcript(
    context: Context,
    user_id: str,
    texts: Sequence[str] = ("Hello.",),
    *,
    job_id: str | None = None,
    generation: int = 1,
    **columns: Any,
) -> str:
    """Complete a job that said these texts, one in each segment; returns its id."""
    job_id = job_id or create_id()
    segments = tuple(
        build_segment(text, index * SECONDS_EACH, (index + 1) * SECONDS_EACH)
        for index, text in enumerate(texts)
    )
    key = {"user_id": user_id, "job_id": job_id, "generation": generation}
    choices = {
        "name": "talk.mp3",
        "language": "en",
        "language_probability": 1.0,
        "duration_seconds": SECONDS_EACH * len(texts),
        "model": "base",
        "task": "transcribe",
        "created_at": MOMENT,
    }
    row = TranscriptRow(**key, recording_id=create_id(), **(choices | columns))
    with context.database.unit_of_work() as uow:
        span = Span(0, 0.0, SECONDS_EACH * len(texts))
        store_span_result(uow.session, **key, result=SpanResult(span, segments, ()))
        complete_transcript(uow.session, row)
    return job_id
