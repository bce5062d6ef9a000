"""What a worker measures of its stages, and what it says of itself meanwhile."""

from collections import Counter
from dataclasses import replace

import pytest

from hostile_media import build_noise, build_wav
from job_builders import FakeEngine, FakeEngines, add_job
from transcriber.engine.options import TranscribeOptions
from transcriber.engine.results import Span
from transcriber.infra.context import Context
from transcriber.infra.meter import Meter
from transcriber.infra.metric_families import STAGES
from transcriber.infra.vitals import Vitals
from transcriber.jobs.kept_engines import KeptEngines
from transcriber.jobs.runner import Runner

NO_VAD = TranscribeOptions(vad_filter=False)


def count_stages(meter: Meter) -> dict[tuple[str, ...], int]:
    return {key.labels: amount.count for key, amount in meter.read().items() if key.name == STAGES}


@pytest.fixture
def measured(context: Context) -> Context:
    return replace(context, meter=Meter())


def test_each_stage_of_a_job_is_measured_once(measured: Context) -> None:
    job_id = add_job(measured, data=build_wav(build_noise(150)), options=NO_VAD)
    engine = FakeEngine()
    held: list[tuple[str, int] | None] = []
    kept = KeptEngines(FakeEngines(engine), Vitals(), meter=measured.meter)
    runner = Runner(measured, kept, worker_id="w1")

    def look(_span: Span) -> None:
        held.append(runner.held)

    engine.before_segment = look
    assert kept.describe_loaded() is None
    assert runner.run_token() == 3
    assert held == [(job_id, 0), (job_id, 1)]
    assert runner.held is None
    assert kept.describe_loaded() == ("base", "cpu fake")
    once = ("wait", "load_model", "decode", "store_samples", "detect_speech", "detect_language")
    assert count_stages(measured.meter) == {
        **{(stage, "ok"): 1 for stage in once},
        ("transcribe", "ok"): 2,
        ("checkpoint", "ok"): 3,
    }


def test_a_stage_that_fails_is_told_from_those_beside_it(measured: Context) -> None:
    add_job(measured, data=b"<html>no</html>", options=NO_VAD)
    Runner(measured, FakeEngines(), worker_id="w1").run_token()
    outcomes = Counter(outcome for _, outcome in count_stages(measured.meter))
    assert set(outcomes) <= {"ok", "failed"}
    assert ("transcribe", "ok") not in count_stages(measured.meter)


def test_work_that_is_stopped_is_no_failure(measured: Context) -> None:
    add_job(measured, data=build_wav(build_noise(90)), options=NO_VAD)
    engine = FakeEngine()
    engine.before_segment = lambda _span: measured.draining.set()
    Runner(measured, FakeEngines(engine), worker_id="w1").run_token()
    stages = count_stages(measured.meter)
    assert stages["transcribe", "stopped"] == 1
    assert ("transcribe", "failed") not in stages
