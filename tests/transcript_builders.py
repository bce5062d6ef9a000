"""Finished transcripts for tests: segments as an engine would have given them."""

from collections.abc import Sequence

from job_builders import add_job, must_claim, store_plan
from transcriber.engine.results import Segment, Span, SpanResult, Word
from transcriber.infra.clock import read_database_time
from transcriber.infra.context import Context
from transcriber.jobs import checkpoints


def hear(text: str, start: float, end: float, *, speaker: str | None = None) -> Segment:
    """A segment whose words share its time evenly."""
    spoken = text.split()
    length = (end - start) / len(spoken)
    words = tuple(
        Word(round(start + i * length, 3), round(start + (i + 1) * length, 3), f" {word}", 0.5)
        for i, word in enumerate(spoken)
    )
    return Segment(start, end, text, -0.2, 0.1, 1.2, 0.0, words, speaker)


SPEECH = (
    hear("Good morning, every one.", 0.0, 2.0, speaker="A"),
    hear("Today we talk about whales.", 2.0, 4.5, speaker="B"),
    hear("Whales are big.", 5.0, 6.0, speaker="A"),
)


def add_transcript(
    context: Context,
    user_id: str,
    segments: Sequence[Segment] = SPEECH,
    *,
    name: str = "talk.mp3",
    data: bytes = b"some bytes",
) -> str:
    """A completed job over ten seconds of audio; its id."""
    job_id = add_job(context, user_id, name=name, data=data)
    store_plan(context, must_claim(context), 1)
    claim = must_claim(context)
    assert claim.job_id == job_id
    result = SpanResult(Span(claim.index, claim.start, claim.end), tuple(segments), ())
    with context.database.unit_of_work() as uow:
        now = read_database_time(uow.session)
        checkpoints.store_span(uow.session, claim, result, 1.0, now)
    return job_id
