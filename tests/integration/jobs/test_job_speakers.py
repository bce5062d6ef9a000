"""Jobs whose speakers are told apart: their last slice, and what holds when it fails."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import select

from job_builders import (
    FakeEngine,
    FakeEngines,
    add_job,
    claim_one,
    expire_leases,
    list_spans,
    must_claim,
    read_job,
    store_plan,
    store_span,
)
from transcriber.engine.errors import SpeakersError
from transcriber.engine.options import TranscribeOptions
from transcriber.engine.results import Span
from transcriber.engine.speakers.voices import PRINT_SIZE, Voice
from transcriber.infra.context import Context
from transcriber.jobs.models import SPEAKERS_INDEX, SpanRow
from transcriber.jobs.reconciler import reconcile_once
from transcriber.jobs.runner import Runner
from transcriber.jobs.service import JobService
from transcriber.transcripts.models import SegmentRow

TOLD_APART = TranscribeOptions(speakers="auto")


class HearingEngine(FakeEngine):
    """Hears one person in even spans, and another in odd ones."""

    def __init__(self) -> None:
        super().__init__()
        self.before_hearing: Callable[[Span], None] = lambda span: None

    def hear_voices(
        self,
        audio: NDArray[np.float32],
        span: Span,
        check: Callable[[], None] | None = None,
    ) -> tuple[Voice, ...]:
        assert check is not None
        check()
        self.before_hearing(span)
        point = np.eye(2, PRINT_SIZE, dtype=np.float32)[span.index % 2]
        return (Voice(0, ((span.start, span.end),), point),)


def build_planned(context: Context, spans: int) -> str:
    job_id = add_job(context, options=TOLD_APART)
    store_plan(context, must_claim(context), spans)
    return job_id


def run(context: Context, engine: FakeEngine) -> int:
    return Runner(context, FakeEngines(engine), worker_id="w1").run_token()


def list_said(context: Context, job_id: str) -> list[tuple[int, str | None, str]]:
    query = select(SegmentRow).where(SegmentRow.job_id == job_id).order_by(SegmentRow.index)
    with context.database.snapshot() as session:
        return [(row.index, row.speaker, row.text) for row in session.scalars(query)]


def test_a_jobs_last_slice_makes_speakers_of_what_every_span_was_heard_to_have(
    context: Context,
) -> None:
    job_id = build_planned(context, 3)
    assert run(context, HearingEngine()) == 4
    job = read_job(context, job_id)
    assert (job.state, job.warnings, job.checkpoint) == ("completed", [], 5)
    assert list_said(context, job_id) == [
        (0, "Speaker 1", "Span 0."),
        (1, "Speaker 2", "Span 1."),
        (2, "Speaker 1", "Span 2."),
    ]


def test_what_tells_people_apart_is_gone_once_the_job_has_ended(context: Context) -> None:
    job_id = build_planned(context, 2)
    engine = HearingEngine()
    seen: list[int] = []
    engine.before_hearing = lambda span: seen.append(
        sum(row.voices is not None for row in list_spans(context, job_id))
    )
    run(context, engine)
    assert seen == [0, 1]
    assert [row.voices for row in list_spans(context, job_id)] == [None] * 4


def test_a_job_that_asked_for_none_has_no_such_slice(context: Context) -> None:
    job_id = add_job(context)
    store_plan(context, must_claim(context), 2)
    run(context, HearingEngine())
    assert [row.index for row in list_spans(context, job_id)] == [-1, 0, 1]
    assert [speaker for _, speaker, _ in list_said(context, job_id)] == [None, None]


def test_a_silent_recording_completes_with_its_plan(context: Context) -> None:
    job_id = build_planned(context, 0)
    assert read_job(context, job_id).state == "completed"


def test_spans_in_which_nobody_could_be_heard_keep_their_text(context: Context) -> None:
    job_id = build_planned(context, 3)
    engine = HearingEngine()

    def fail(span: Span) -> None:
        if span.index == 1:
            raise SpeakersError("The network is damaged.")

    engine.before_hearing = fail
    run(context, engine)
    job = read_job(context, job_id)
    assert job.state == "completed"
    assert job.warnings == [
        "Speakers are missing in 1 of 3 parts of the recording: The network is damaged."
    ]
    assert list_said(context, job_id) == [
        (0, "Speaker 1", "Span 0."),
        (1, None, "Span 1."),
        (2, "Speaker 1", "Span 2."),
    ]


def test_a_job_stands_without_its_speakers_whatever_goes_wrong(context: Context) -> None:
    job_id = build_planned(context, 2)
    engine = HearingEngine()

    def fail(span: Span) -> None:
        raise ZeroDivisionError

    engine.before_hearing = fail
    run(context, engine)
    job = read_job(context, job_id)
    assert job.state == "completed"
    (warning,) = job.warnings
    assert warning == (
        "Speakers could not be told apart: The worker met an unexpected error; its log has the "
        "details."
    )
    assert [text for *_, text in list_said(context, job_id)] == ["Span 0.", "Span 1."]


def test_voices_that_cannot_be_read_cost_the_speakers_and_not_the_job(context: Context) -> None:
    job_id = build_planned(context, 1)
    store_span(context, must_claim(context))
    with context.database.unit_of_work() as uow:
        row = uow.session.get_one(SpanRow, (job_id, 1, 0))
        row.voices = {"voices": [{"window": 0, "runs": [[0.0, 9.0]], "print": "AAAA"}]}
    run(context, HearingEngine())
    job = read_job(context, job_id)
    assert job.state == "completed"
    assert len(job.warnings) == 1
    assert job.warnings[0].startswith("Speakers could not be told apart: The worker met")


def test_a_worker_lost_with_the_last_slice_is_replaced(context: Context) -> None:
    job_id = build_planned(context, 1)
    engine = HearingEngine()
    Runner(context, FakeEngines(engine), worker_id="w1").run_token(budget_seconds=0)
    lost = must_claim(context, "w2")
    assert (lost.index, lost.is_attribution, lost.is_plan) == (SPEAKERS_INDEX, True, False)
    assert claim_one(context, "w3") is None
    expire_leases(context)
    reconcile_once(context)
    run(context, engine)
    assert read_job(context, job_id).state == "completed"
    assert list_said(context, job_id) == [(0, "Speaker 1", "Span 0.")]


def test_a_cancelled_job_keeps_nothing_of_the_voices(context: Context) -> None:
    job_id = build_planned(context, 2)
    engine = HearingEngine()
    Runner(context, FakeEngines(engine), worker_id="w1").run_token(budget_seconds=0)
    assert any(row.voices is not None for row in list_spans(context, job_id))
    with context.database.unit_of_work() as uow:
        JobService(uow, context.queue, context.storage).cancel("alice", job_id)
    assert read_job(context, job_id).state == "cancelled"
    assert [row.voices for row in list_spans(context, job_id)] == [None] * 3
