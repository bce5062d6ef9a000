"""One recording among many workers says what it says to one."""

import threading
import zlib

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import select

from hostile_media import build_noise, build_wav
from job_builders import FakeEngine, FakeEngines, FakeStream, add_job, build_segment, read_job
from transcriber.engine.options import TranscribeOptions
from transcriber.engine.results import Span
from transcriber.infra.context import Context
from transcriber.jobs.models import JobEvent
from transcriber.jobs.runner import Runner
from transcriber.transcripts.service import read_transcript

NO_VAD = TranscribeOptions(vad_filter=False)


class ListeningEngine(FakeEngine):
    """Says what it heard, so that wrong samples give another text."""

    def transcribe_span(  # type: ignore[override]
        self, audio: NDArray[np.float32], span: Span, options: object, **named: object
    ) -> FakeStream:
        text = f"{span.index}: {zlib.crc32(audio.tobytes())}"
        return FakeStream([build_segment(text, span.start, span.end)], span, lambda done: None)


def transcribe(context: Context, workers: int) -> list[str]:
    job_id = add_job(context, data=build_wav(build_noise(700)), options=NO_VAD)
    threads = [
        threading.Thread(
            target=Runner(context, FakeEngines(ListeningEngine()), worker_id=f"w{number}").run_token
        )
        for number in range(workers)
    ]
    # The plan comes first; the others would find nothing to do yet.
    Runner(context, FakeEngines(ListeningEngine()), worker_id="planner").run_token(0)
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert read_job(context, job_id).state == "completed"
    with context.database.snapshot() as session:
        stored = read_transcript(session, "alice", job_id)
        completed = select(JobEvent).where(
            JobEvent.job_id == job_id, JobEvent.to_state == "completed"
        )
        assert len(session.scalars(completed).all()) == 1
    return [segment.text for segment in stored.transcript.segments]


def test_four_workers_write_what_one_writes(context: Context) -> None:
    alone = transcribe(context, 1)
    shared = transcribe(context, 4)
    assert len(alone) > 4
    assert shared == alone
