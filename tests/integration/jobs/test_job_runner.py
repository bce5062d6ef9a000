"""The runner with the real media child and a fake engine."""

import threading
import time

import pytest

from hostile_media import build_noise, build_wav
from job_builders import (
    FakeEngine,
    FakeEngines,
    add_job,
    expire_leases,
    list_moves,
    list_spans,
    must_claim,
    read_job,
)
from transcriber.engine.errors import MediaError, ModelError
from transcriber.engine.options import TranscribeOptions
from transcriber.infra.context import Context
from transcriber.jobs.engines import EngineProvider
from transcriber.jobs.models import Job
from transcriber.jobs.reconciler import reconcile_once
from transcriber.jobs.runner import Runner
from transcriber.jobs.service import JobService
from transcriber.transcripts.service import read_transcript

# Without speech detection every second counts as speech, so noise will do for a voice.
NO_VAD = TranscribeOptions(vad_filter=False)


def build_runner(context: Context, engines: EngineProvider, worker: str = "w1") -> Runner:
    return Runner(context, engines, worker_id=worker)


def add_noise(context: Context, seconds: float, **choices: str) -> str:
    data = build_wav(build_noise(seconds))
    return add_job(context, data=data, options=NO_VAD, **choices)


def test_a_recording_becomes_a_transcript(context: Context) -> None:
    job_id = add_noise(context, 150)
    engines = FakeEngines()
    assert build_runner(context, engines).run_token() == 3
    job = read_job(context, job_id)
    assert job.state == "completed"
    assert sum(engines.engine.seconds_heard) == pytest.approx(150, abs=0.1)
    assert job.pcm_key is None
    assert not [each for each in context.storage.find_objects() if each.key.startswith("pcm/")]
    with context.database.snapshot() as session:
        stored = read_transcript(session, "alice", job_id)
    assert [each.text for each in stored.transcript.segments] == ["Span 0.", "Span 1."]
    assert stored.row.duration_seconds == pytest.approx(150, abs=0.1)
    assert job.audio_seconds == stored.row.duration_seconds
    # One worker that goes on without a pause never looks idle in between.
    assert list_moves(context, job_id) == [
        (None, "queued"),
        ("queued", "running"),
        ("running", "completed"),
    ]


def test_planning_wakes_other_workers(
    context: Context, tokens: list[tuple[str, int | None]]
) -> None:
    job_id = add_noise(context, 150)
    tokens.clear()
    build_runner(context, FakeEngines()).run_token(budget_seconds=0)
    assert len(tokens) >= 2
    assert read_job(context, job_id).state == "queued"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"<html>no</html>", "unsupported"),
        (b"#EXTM3U\nhttp://127.0.0.1:1/x.ts\n", "playlist"),
        (b"ffconcat version 1.0\nfile ../secret.wav\n", "playlist"),
        (build_wav(b"", rate=16_000), None),
    ],
)
def test_hostile_media_fails_with_a_stable_code(
    context: Context, data: bytes, code: str | None
) -> None:
    job_id = add_job(context, data=data, name="evil.mp3", options=NO_VAD)
    build_runner(context, FakeEngines()).run_token()
    job = read_job(context, job_id)
    assert job.state == "failed"
    assert job.error_code == (code or job.error_code)
    assert job.error_code in {"unsupported", "playlist", "empty", "truncated", "unreadable"}
    assert "evil.mp3" in (job.error_message or "")
    assert not [each for each in context.storage.find_objects() if each.key.startswith("pcm/")]


class CrashingEngine(FakeEngine):
    def transcribe_span(self, *arguments: object, **named: object) -> object:  # type: ignore[override]
        raise MediaError("The decoder crashed.", code="decoder_crashed")


def test_a_crashed_decoder_is_tried_once_more_and_then_fails(context: Context) -> None:
    job_id = add_noise(context, 2)
    runner = build_runner(context, FakeEngines(CrashingEngine()))
    runner.run_token()
    job = read_job(context, job_id)
    assert (job.state, job.waiting_code) == ("queued", "decoder_crashed")
    with context.database.unit_of_work() as uow:
        uow.session.get_one(Job, job_id).not_before = None
    runner.run_token()
    job = read_job(context, job_id)
    assert (job.state, job.error_code) == ("failed", "decoder_crashed")


class BrokenEngine(FakeEngine):
    def transcribe_span(self, *arguments: object, **named: object) -> object:  # type: ignore[override]
        raise ZeroDivisionError


def test_an_unforeseen_error_backs_off_and_fails_in_the_end(context: Context) -> None:
    job_id = add_noise(context, 2)
    runner = build_runner(context, FakeEngines(BrokenEngine()))
    waits: list[float] = []
    for _ in range(5):
        runner.run_token()
        job = read_job(context, job_id)
        if job.not_before is not None:
            waits.append((job.not_before - job.updated_at).total_seconds())
        with context.database.unit_of_work() as uow:
            uow.session.get_one(Job, job_id).not_before = None
    assert (job.state, job.error_code) == ("failed", "internal")
    assert waits == sorted(waits)
    assert len(waits) == 4


def test_a_missing_model_keeps_the_job_queued_with_the_reason(context: Context) -> None:
    job_id = add_noise(context, 2)
    engines = FakeEngines()
    engines.problem = ModelError("The model base is not staged.", code="model_missing")
    assert build_runner(context, engines).run_token() == 0
    job = read_job(context, job_id)
    assert (job.state, job.waiting_code) == ("queued", "model_missing")
    assert list_moves(context, job_id) == [(None, "queued")]
    engines.problem = None
    build_runner(context, engines).run_token()
    job = read_job(context, job_id)
    assert (job.state, job.waiting_reason) == ("completed", None)


def test_a_model_that_fails_to_load_does_not_fail_the_job(context: Context) -> None:
    job_id = add_noise(context, 2)
    engines = FakeEngines()
    engines.load_error = ModelError("base.pt is truncated.", code="model_truncated")
    build_runner(context, engines).run_token()
    job = read_job(context, job_id)
    assert (job.state, job.waiting_reason) == ("queued", "base.pt is truncated.")
    assert job.stall_count == 0


def test_another_model_of_the_same_name_does_not_finish_the_job(context: Context) -> None:
    job_id = add_noise(context, 2)
    engines = FakeEngines()
    runner = build_runner(context, engines)
    runner.run_token(budget_seconds=0)
    engines.checksum = "d" * 64
    runner.run_token()
    job = read_job(context, job_id)
    assert (job.state, job.waiting_code) == ("queued", "model_checksum")


def test_draining_gives_the_span_back_without_penalty(
    context: Context, tokens: list[tuple[str, int | None]]
) -> None:
    job_id = add_noise(context, 2)
    engines = FakeEngines()
    engines.engine.before_segment = lambda span: context.draining.set()
    build_runner(context, engines).run_token()
    job = read_job(context, job_id)
    assert (job.state, job.stall_count, job.transient_count) == ("queued", 0, 0)
    assert [span.state for span in list_spans(context, job_id)] == ["done", "queued"]
    assert tokens[-1] == (job_id, None)
    context.draining.clear()
    build_runner(context, FakeEngines()).run_token()
    assert read_job(context, job_id).state == "completed"


def test_cancelling_ends_the_work_between_segments(context: Context) -> None:
    job_id = add_noise(context, 2)
    engines = FakeEngines()

    def cancel(_span: object) -> None:
        with context.database.unit_of_work() as uow:
            JobService(uow, context.queue, context.storage).cancel("alice", job_id)
        time.sleep(1.1)

    engines.engine.before_segment = cancel
    build_runner(context, engines).run_token()
    assert list_moves(context, job_id)[-1] == ("running", "cancelled")
    assert read_job(context, job_id).pcm_key is None


def test_work_whose_lease_went_elsewhere_is_dropped(context: Context) -> None:
    job_id = add_noise(context, 2)
    engines = FakeEngines()
    heirs: list[str] = []

    def lose(_span: object) -> None:
        if not heirs:
            expire_leases(context)
            reconcile_once(context)
            heirs.append(must_claim(context, "heir").worker)

    engines.engine.before_segment = lose
    build_runner(context, engines).run_token()
    spans = list_spans(context, job_id)
    assert [span.lease_owner for span in spans] == [None, "heir"]
    assert read_job(context, job_id).state == "running"


def test_two_workers_share_one_recording(context: Context) -> None:
    job_id = add_noise(context, 330)
    build_runner(context, FakeEngines()).run_token(budget_seconds=0)
    barrier = threading.Barrier(2, timeout=20)
    engines = [FakeEngines(), FakeEngines()]
    for each in engines:
        waits = iter([barrier.wait])
        each.engine.before_segment = lambda span, waits=waits: next(waits, lambda: 0)() and None
    threads = [
        threading.Thread(target=build_runner(context, each, f"w{number}").run_token)
        for number, each in enumerate(engines)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    done = [len(each.engine.spans) for each in engines]
    assert min(done) >= 1
    with context.database.snapshot() as session:
        stored = read_transcript(session, "alice", job_id)
    texts = [each.text for each in stored.transcript.segments]
    assert texts == [f"Span {index}." for index in range(sum(done))]
