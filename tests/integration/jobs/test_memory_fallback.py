"""A job whose worker runs out of memory: it goes on with less, waits, or ends with that code."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import select

from job_builders import (
    FakeEngine,
    FakeEngines,
    FakeStream,
    add_job,
    must_claim,
    read_job,
    store_plan,
)
from transcriber.engine.options import TranscribeOptions
from transcriber.engine.results import Span
from transcriber.infra.context import Context
from transcriber.infra.memory_ledger import Room
from transcriber.jobs.admission import MemoryShortageError
from transcriber.jobs.models import Job, JobEvent
from transcriber.jobs.runner import Runner

GIGABYTE = 10**9


class NarrowEngine(FakeEngine):
    """Goes on with fewer hypotheses in every span."""

    def transcribe_span(
        self, audio: NDArray[np.float32], span: Span, options: TranscribeOptions, **hooks: Any
    ) -> FakeStream:
        hooks["on_fewer"](5, 2)
        return super().transcribe_span(audio, span, options, **hooks)


def build_planned(context: Context, spans: int) -> str:
    job_id = add_job(context)
    store_plan(context, must_claim(context), spans)
    return job_id


def list_details(context: Context, job_id: str) -> Iterator[str | None]:
    with context.database.snapshot() as session:
        query = select(JobEvent.detail).where(JobEvent.job_id == job_id).order_by(JobEvent.id)
        yield from session.scalars(query).all()


def test_fewer_hypotheses_are_told_to_the_owner_and_kept_in_the_history(context: Context) -> None:
    job_id = build_planned(context, 1)
    Runner(context, FakeEngines(NarrowEngine()), worker_id="w1").run_token()
    told = "Memory ran out; decoded with 2 instead of 5 hypotheses from 00:00:00 to 00:00:10."
    job = read_job(context, job_id)
    assert (job.state, job.warnings) == ("completed", [told])
    assert told in list(list_details(context, job_id))


def test_a_span_that_never_fits_fails_with_that_code_after_its_tries(context: Context) -> None:
    job_id = build_planned(context, 1)
    engines = FakeEngines()

    def run_out(span: Span) -> None:
        raise RuntimeError("CUDA failed with error out of memory")

    engines.engine.before_segment = run_out
    runner = Runner(context, engines, worker_id="w1")
    runner.run_token()
    waiting = read_job(context, job_id)
    assert (waiting.state, waiting.waiting_code) == ("queued", "out_of_memory")
    assert waiting.not_before is not None
    for _ in range(4):
        with context.database.unit_of_work() as uow:
            uow.session.get_one(Job, job_id).not_before = None
        runner.run_token()
    job = read_job(context, job_id)
    assert (job.state, job.error_code) == ("failed", "out_of_memory")


def test_a_job_waits_with_the_reason_and_starts_when_memory_is_there(context: Context) -> None:
    job_id = build_planned(context, 1)
    engines = FakeEngines()
    engines.problem = MemoryShortageError(10 * GIGABYTE, Room(16 * GIGABYTE, 6 * GIGABYTE))
    runner = Runner(context, engines, worker_id="w1")
    assert runner.run_token() == 0
    job = read_job(context, job_id)
    assert (job.state, job.waiting_code) == ("queued", "memory_short")
    assert "needs about 10.0 GB of memory; 6.0 GB are free" in (job.waiting_reason or "")
    engines.problem = None
    runner.run_token()
    assert read_job(context, job_id).state == "completed"
