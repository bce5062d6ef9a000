"""The last slice of a job whose speakers are told apart: from voices of all spans to speakers."""

from collections.abc import Callable, Mapping, Sequence
from typing import cast

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from transcriber.engine.options import Speakers
from transcriber.engine.results import Segment, Span
from transcriber.engine.speakers.voices import HeardSpan
from transcriber.infra.context import Context
from transcriber.jobs.checkpoints import Attribution
from transcriber.jobs.claims import Claim
from transcriber.jobs.models import SpanRow
from transcriber.jobs.stages import time_stage
from transcriber.jobs.voices import UNEXPECTED, read_voices
from transcriber.transcripts.unfinished import list_span_segments

_UNHEARD = "The worker that transcribed it could not listen for them."
_log = structlog.stdlib.get_logger(__name__)


def attribute_claimed(
    context: Context, claim: Claim, check: Callable[[float], None]
) -> Attribution:
    """Make speakers of the voices of the claimed job; where that fails its text stands.

    `check` may raise to stop the slice.
    """
    with context.database.snapshot() as session:
        rows = _list_spans(session, claim)
        segments = list_span_segments(session, claim.user_id, claim.job_id, claim.generation)
    check(0.0)
    problems = [
        str((row.voices or {}).get("problem", _UNHEARD))
        for row in rows
        if row.voices is None or "problem" in row.voices
    ]
    warning = _describe(problems, len(rows)) if problems else None
    if len(problems) == len(rows):
        return Attribution(None, warning)
    try:
        with time_stage(context.meter, context.tracer, "attribute_speakers"):
            found = _attribute(rows, segments, cast("Speakers", claim.options["speakers"]))
    except Exception as error:  # noqa: BLE001 -- the text must not be lost for want of its speakers
        _log.error("speakers_not_attributed", exc_info=error)
        return Attribution(None, _describe([UNEXPECTED], 1))
    return Attribution(found, warning)


def _list_spans(session: Session, claim: Claim) -> Sequence[SpanRow]:
    query = select(SpanRow).where(
        SpanRow.job_id == claim.job_id,
        SpanRow.user_id == claim.user_id,
        SpanRow.generation == claim.generation,
        SpanRow.index >= 0,
    )
    return session.scalars(query.order_by(SpanRow.index)).all()


def _attribute(
    rows: Sequence[SpanRow], segments: Mapping[int, Sequence[Segment]], speakers: Speakers
) -> dict[int, list[Segment]]:
    # Loaded on first use: most jobs never ask who speaks.
    from transcriber.engine.speakers.recording import attribute_recording  # noqa: PLC0415

    spans = [
        HeardSpan(
            Span(row.index, row.start, row.end),
            segments.get(row.index, ()),
            read_voices(row.voices) or (),
        )
        for row in rows
    ]
    found = attribute_recording(spans, speakers)
    return {row.index: attributed for row, attributed in zip(rows, found, strict=True)}


def _describe(problems: Sequence[str], spans: int) -> str:
    reason = problems[0]
    if len(problems) == spans:
        return f"Speakers could not be told apart: {reason}"
    return f"Speakers are missing in {len(problems)} of {spans} parts of the recording: {reason}"
