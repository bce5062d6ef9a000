"""Put a transcript that needs a look into the database of a service without workers.

The browser's journeys need passages that a model was unsure of, and one that it left out, wherever
they run; no recording gives them for certain.  Prints the job's id.
"""

import sys
from dataclasses import replace
from pathlib import Path

import structlog

from job_builders import add_job, must_claim, store_plan
from service_context import build_settings, open_context
from transcriber.engine.results import DroppedPassage, Segment, Span, SpanResult
from transcriber.infra.clock import read_database_time
from transcriber.infra.context import Context
from transcriber.jobs import checkpoints
from transcript_builders import hear

SURE = 0.97
UNSURE = 0.1
LEFT_OUT = DroppedPassage(8.6, 9.4, "repetition", "it was it was it was")


def main() -> None:
    """Arguments: the service's data directory, the owner's id, the recording's file."""
    data_dir, user_id, recording = sys.argv[1:]
    # Only the id goes to the standard output.
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    with open_context(build_settings(Path(data_dir))) as context:
        job_id = add_doubtful_transcript(context, user_id, Path(recording).read_bytes())
    sys.stdout.write(f"{job_id}\n")


def add_doubtful_transcript(context: Context, user_id: str, data: bytes) -> str:
    """A completed job with one doubtful segment, one doubtful word and one dropped passage."""
    job_id = add_job(context, user_id, name="dickens.wav", data=data)
    store_plan(context, must_claim(context), 1)
    claim = must_claim(context)
    segments = (
        _say("It was the best of times,", 0.0, 1.8),
        _say("it was the wurst of times,", 1.8, 3.6, unsure=3),
        _say("it was the age of wisdom,", 3.6, 5.4),
        replace(_say("it was the cage of foolishness,", 5.4, 7.2), avg_logprob=-1.3),
        _say("it was the epoch of belief.", 7.2, 8.6),
    )
    span = Span(claim.index, claim.start, claim.end)
    with context.database.unit_of_work() as uow:
        now = read_database_time(uow.session)
        result = SpanResult(span, segments, (LEFT_OUT,))
        checkpoints.store_span(uow.session, claim, result, 1.0, now)
    return job_id


def _say(text: str, start: float, end: float, unsure: int | None = None) -> Segment:
    heard = hear(text, start, end)
    words = tuple(
        replace(word, probability=UNSURE if place == unsure else SURE)
        for place, word in enumerate(heard.words)
    )
    return replace(heard, words=words)


if __name__ == "__main__":
    main()
