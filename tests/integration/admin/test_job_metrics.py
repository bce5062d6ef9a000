"""`/metrics` of jobs and workers: each family with the thing happening that it counts."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import update

from hostile_media import build_noise, build_wav
from job_builders import (
    FakeEngine,
    FakeEngines,
    FakeStream,
    add_job,
    add_worker,
    expire_leases,
    must_claim,
)
from scrapes import read_family, scrape
from transcriber.engine.errors import ModelError
from transcriber.engine.options import TranscribeOptions
from transcriber.engine.results import DroppedPassage, Span, SpanResult
from transcriber.infra.clock import read_database_time
from transcriber.infra.context import Context
from transcriber.infra.heartbeats import WorkerHeartbeat, record_heartbeat
from transcriber.infra.meter import Meter
from transcriber.infra.vitals import Vitals
from transcriber.jobs.kept_engines import KeptEngines
from transcriber.jobs.models import Job, OutboxEntry
from transcriber.jobs.reconciler import reconcile_once
from transcriber.jobs.runner import Runner

NO_VAD = TranscribeOptions(vad_filter=False)


@pytest.fixture
def measured(context: Context) -> Context:
    return replace(context, meter=Meter())


class DoubtingStream(FakeStream):
    def result(self) -> SpanResult:
        result = super().result()
        passage = DroppedPassage(result.span.start, result.span.start + 4.5, "repetition", "la la")
        return replace(result, dropped=(passage,))


class DoubtingEngine(FakeEngine):
    """Hears four and a half seconds of each span that it does not believe."""

    def transcribe_span(self, *given: object, **more: object) -> FakeStream:
        stream = super().transcribe_span(*given, **more)
        stream.__class__ = DoubtingStream
        return stream


def test_a_lease_that_runs_out_is_counted_and_so_is_the_fence(measured: Context) -> None:
    before = scrape(measured)
    assert read_family(before, "transcriber_lease_expiries_total") == {("span",): 0, ("upload",): 0}
    assert read_family(before, "transcriber_fences_total") == {("span",): 0, ("upload",): 0}
    add_job(measured, data=build_wav(build_noise(1)), options=NO_VAD)
    engine = FakeEngine()

    def give_to_another(_span: Span) -> None:
        expire_leases(measured)
        reconcile_once(measured)
        must_claim(measured, "w2")
        engine.before_segment = lambda _span: None

    engine.before_segment = give_to_another
    Runner(measured, FakeEngines(engine), worker_id="w1").run_token()
    after = scrape(measured)
    assert read_family(after, "transcriber_lease_expiries_total")["span",] == 1
    assert read_family(after, "transcriber_fences_total") == {("span",): 1, ("upload",): 0}


def test_a_recording_that_the_sandbox_refuses_is_counted_by_code(measured: Context) -> None:
    add_job(measured, data=b"<html>no</html>", options=NO_VAD)
    add_job(measured, data=build_wav(build_noise(1))[:44], options=NO_VAD)
    Runner(measured, FakeEngines(), worker_id="w1").run_token()
    failures = read_family(scrape(measured), "transcriber_sandbox_failures_total")
    assert failures["unsupported",] == 1
    assert sum(failures.values()) == 2
    # What never happened is told too, so that its first time is a rise.
    assert failures["decoder_crashed",] == 0


def test_audio_is_counted_as_it_is_worked_through(measured: Context) -> None:
    add_job(measured, data=build_wav(build_noise(90)), options=NO_VAD)
    Runner(measured, FakeEngines(DoubtingEngine()), worker_id="w1").run_token()
    samples = scrape(measured)
    assert read_family(samples, "transcriber_decoded_audio_seconds_total") == {(): 90}
    dropped = read_family(samples, "transcriber_dropped_audio_seconds_total")
    worked = read_family(samples, "transcriber_worked_audio_seconds_total")
    working = read_family(samples, "transcriber_working_seconds_total")
    # The labels in the order of their names: device, model, phase.
    plan, speech = ("cpu fake", "base", "planning"), ("cpu fake", "base", "transcribing")
    assert set(worked) == set(working) == {plan, speech}
    assert (worked[plan], worked[speech]) == (90, 90)
    count = read_family(samples, "transcriber_stage_seconds_count")["ok", "transcribe"]
    assert dropped == {("repetition",): 4.5 * count, ("silence",): 0, ("low_confidence",): 0}
    factors = read_family(samples, "transcriber_real_time_factor")
    assert factors[plan] == pytest.approx(working[plan] / worked[plan])
    assert factors[speech] == pytest.approx(working[speech] / worked[speech])


def test_models_are_counted_as_they_are_loaded_and_as_they_cannot_be(measured: Context) -> None:
    add_job(measured, data=build_wav(build_noise(1)), options=NO_VAD)
    engines = FakeEngines()
    kept = KeptEngines(engines, Vitals(), meter=measured.meter)
    runner = Runner(measured, kept, worker_id="w1")
    engines.load_error = ModelError("It is broken.")
    runner.run_token()
    with measured.database.unit_of_work() as uow:
        uow.session.execute(update(Job).values(not_before=None))
    engines.load_error = None
    runner.run_token()
    loads = read_family(scrape(measured), "transcriber_model_load_seconds_count")
    assert loads == {("base", "failed"): 1, ("base", "ok"): 1}


def test_jobs_are_told_by_stage_and_the_queue_by_age(measured: Context) -> None:
    for _ in range(4):
        add_job(measured)
    must_claim(measured)
    with measured.database.unit_of_work() as uow:
        now = read_database_time(uow.session)
        waiting = [job for job in uow.session.query(Job) if job.state == "queued"]
        waiting[0].waiting_code = "model_missing"
        waiting[0].queued_at = now - timedelta(hours=9)
        waiting[1].queued_at = now - timedelta(minutes=10)
        uow.session.execute(update(OutboxEntry).values(created_at=now - timedelta(minutes=2)))
    samples = scrape(measured)
    assert read_family(samples, "transcriber_jobs_in_stage") == {
        ("wait",): 2,
        ("blocked",): 1,
        ("plan",): 1,
        ("transcribe",): 0,
    }
    oldest = read_family(samples, "transcriber_queue_oldest_seconds")[()]
    assert 600 <= oldest < 660
    assert read_family(samples, "transcriber_outbox_entries") == {(): 4}
    assert 120 <= read_family(samples, "transcriber_outbox_lag_seconds")[()] < 180


def test_an_empty_queue_is_of_no_age(measured: Context) -> None:
    samples = scrape(measured)
    for name in ("queue_oldest_seconds", "outbox_entries", "outbox_lag_seconds"):
        assert read_family(samples, f"transcriber_{name}") == {(): 0}
    assert read_family(samples, "transcriber_real_time_factor") == {}


def test_workers_are_told_by_state(measured: Context) -> None:
    for name in ("w1", "w2", "w3", "w4"):
        add_worker(measured, name)
    with measured.database.unit_of_work() as uow:
        record_heartbeat(uow, "w2", "The model is damaged.")
        gone = uow.session.get_one(WorkerHeartbeat, "w3")
        gone.seen_at -= timedelta(minutes=5)
    assert read_family(scrape(measured), "transcriber_workers") == {
        ("ready",): 2,
        ("refusing",): 1,
        ("draining",): 0,
        ("drained",): 0,
        ("stale",): 1,
    }


def test_readiness_is_told_by_check(measured: Context) -> None:
    add_worker(measured)
    ready = read_family(scrape(measured), "transcriber_ready")
    assert [ready[name,] for name in ("database", "broker", "workers", "models")] == [1, 1, 1, 0]
    measured.queue.close()
    ready = read_family(scrape(measured), "transcriber_ready")
    assert (ready["database",], ready["broker",]) == (1, 0)
