"""Time estimates rest on what was measured, and on nothing else."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from hostile_media import build_noise, build_wav
from job_builders import FakeEngines, add_job, add_worker, must_claim, read_job, store_plan
from job_builders import store_span as finish_span
from transcriber.engine.options import TranscribeOptions
from transcriber.infra.clock import read_database_time
from transcriber.infra.context import Context
from transcriber.jobs.estimates import (
    HeldSpan,
    Work,
    estimate_held,
    estimate_running,
    estimate_wait,
    estimate_waiting,
)
from transcriber.jobs.measurements import Kind, Pace, SpeedMeasurement, record_speed
from transcriber.jobs.models import Job
from transcriber.jobs.progress import JobView, describe_jobs
from transcriber.jobs.runner import Runner
from transcriber.jobs.service import JobService

DEVICE = "cpu int8"
PACE = Pace(
    {("base", DEVICE, "planning"): 0.1, ("base", DEVICE, "transcribing"): 0.5},
    {"base": DEVICE},
    {"mp3": Kind(seconds_per_byte=0.01, speech_share=0.8)},
)
UNPLANNED = Work(
    model="base",
    device=None,
    total_seconds=None,
    done_seconds=0.0,
    busy_seconds=0.0,
    duration_seconds=None,
    size_bytes=10_000,
    suffix="mp3",
)


def view(context: Context, job_id: str) -> JobView:
    with context.database.snapshot() as session:
        return describe_jobs(session, [session.get_one(Job, job_id)], read_database_time(session))[
            0
        ]


def test_an_unplanned_recording_counts_its_planning_and_its_likely_speech() -> None:
    # 10,000 bytes are 100 s: 10 s of planning, and 80 s of speech at half of real time.
    assert estimate_waiting(UNPLANNED, PACE) == pytest.approx(50.0)
    decoded = replace(UNPLANNED, duration_seconds=10.0)
    assert estimate_waiting(decoded, PACE) == pytest.approx(5.0)


def test_a_plan_under_way_counts_what_it_took_already() -> None:
    held = HeldSpan(is_plan=True, length=0.0, done=0.0, busy=4.0)
    work = replace(UNPLANNED, held=[held])
    assert estimate_held(work, PACE) == pytest.approx(6.0)
    assert estimate_running(work, PACE) == pytest.approx(46.0)


@pytest.mark.parametrize("change", [{"model": "large"}, {"suffix": "wav"}])
def test_what_was_never_measured_is_unknown(change: dict[str, str]) -> None:
    assert estimate_waiting(replace(UNPLANNED, **change), PACE) is None


@pytest.mark.parametrize(
    ("ahead", "spans", "workers", "wait"),
    [([10.0], 3, 2, 5.0), ([10.0], 1, 2, 0.0), ([None], 3, 2, None), ([10.0], 0, 0, None)],
)
def test_the_wait_is_the_work_ahead_shared_by_the_workers(
    ahead: list[float | None], spans: int, workers: int, wait: float | None
) -> None:
    assert estimate_wait(ahead, spans_ahead=spans, workers=workers) == wait


def test_a_queued_job_waits_for_the_one_before_it(context: Context) -> None:
    first = add_job(context)
    store_plan(context, must_claim(context), 2)
    finish_span(context, must_claim(context))
    second = add_job(context)
    with context.database.unit_of_work() as uow:
        record_speed(
            uow.session,
            model="base",
            device=DEVICE,
            phase="planning",
            audio_seconds=10.0,
            busy_seconds=1.0,
            now=read_database_time(uow.session),
        )
    assert view(context, second).eta_seconds is None
    add_worker(context)
    # Ten seconds of speech are left of the first one, by one second of work for ten of audio.
    assert view(context, first).eta_seconds == pytest.approx(1.0)
    # The second one is as long as the first: 20 s, so 2 s of planning and 2 s of transcribing.
    assert view(context, second).eta_seconds == pytest.approx(1.0 + 2.0 + 2.0)
    add_worker(context, "w2")
    assert view(context, second).eta_seconds == pytest.approx(4.0)


def test_measured_speed_outlives_the_job_it_was_measured_at(context: Context) -> None:
    data = build_wav(build_noise(20))
    options = TranscribeOptions(vad_filter=False)
    job_id = add_job(context, data=data, options=options)
    Runner(context, FakeEngines(), worker_id="w1").run_token()
    assert read_job(context, job_id).state == "completed"
    with context.database.unit_of_work() as uow:
        JobService(uow, context.queue, context.storage).delete("alice", job_id)
    with context.database.snapshot() as session:
        rows = session.scalars(select(SpeedMeasurement).order_by(SpeedMeasurement.id)).all()
    assert [row.phase for row in rows] == ["planning", "transcribing"]
    assert all(row.audio_seconds == pytest.approx(20, abs=0.1) for row in rows)
    add_worker(context)
    again = add_job(context, data=data, options=options)
    expected = sum(row.busy_seconds for row in rows)
    assert view(context, again).eta_seconds == pytest.approx(expected, rel=0.01)
