"""The segments of a job that still runs: its owner sees them once the transcript is complete."""

from collections.abc import Mapping, Sequence

from sqlalchemy import ColumnElement, delete, insert, select
from sqlalchemy.orm import Session

from transcriber.engine.results import Segment
from transcriber.transcripts.models import SPAN_STRIDE, SegmentRow
from transcriber.transcripts.service import describe_segment, read_segment


def list_span_segments(
    session: Session, user_id: str, job_id: str, generation: int
) -> dict[int, list[Segment]]:
    """The stored segments by the index of their span, in order."""
    query = select(SegmentRow).where(*_of_run(user_id, job_id, generation))
    found: dict[int, list[Segment]] = {}
    for row in session.scalars(query.order_by(SegmentRow.index)):
        found.setdefault(row.index // SPAN_STRIDE, []).append(read_segment(row))
    return found


def replace_segments(
    session: Session,
    user_id: str,
    job_id: str,
    generation: int,
    segments: Mapping[int, Sequence[Segment]],
) -> None:
    """Store other segments, by the index of their span, in place of all that were stored."""
    session.execute(delete(SegmentRow).where(*_of_run(user_id, job_id, generation)))
    key = {"user_id": user_id, "job_id": job_id, "generation": generation, "since": 0}
    rows = [
        {**key, "index": index, **describe_segment(segment)}
        for span, found in segments.items()
        for index, segment in enumerate(found, span * SPAN_STRIDE)
    ]
    if rows:
        session.execute(insert(SegmentRow), rows)


def _of_run(user_id: str, job_id: str, generation: int) -> tuple[ColumnElement[bool], ...]:
    return (
        SegmentRow.job_id == job_id,
        SegmentRow.user_id == user_id,
        SegmentRow.generation == generation,
    )
