"""Real workers with the real model inside a memory control group, as in a container."""

import os
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import select

from job_builders import add_job, list_spans, read_job
from memory_group import MemoryGroup, find_obstacle, make_memory_group
from service_context import build_settings, open_context
from transcriber.engine.options import TranscribeOptions
from transcriber.infra.context import Context
from transcriber.infra.settings import Settings
from transcriber.jobs.models import JobEvent
from transcriber.jobs.states import JobState
from transcriber.transcripts.models import SegmentRow
from worker_process import is_transcribing, publish, run_broker, wait_for

pytestmark = [
    pytest.mark.weights,
    pytest.mark.skipif(find_obstacle() is not None, reason=str(find_obstacle())),
]
COMMAND = [str(Path(sys.executable).parent / "transcriber"), "worker"]
OPTIONS = TranscribeOptions(language="en", beam_size=1)
# Of Whisper base, in MiB: see docs/operations/sizing.md.
TOO_LITTLE, ENOUGH = 550, 1_200


@pytest.fixture
def settings(tmp_path: Path, models_dir: Path, model_cache_dir: Path) -> Settings:
    return build_settings(
        tmp_path,
        models_dir=models_dir,
        model_cache_dir=model_cache_dir,
        disk_low_water_bytes=0,
        threads=1,
        compute_type="int8_float32",
        lease_seconds=4,
        heartbeat_seconds=1,
        reconcile_seconds=1,
    )


@contextmanager
def _work_within(group: MemoryGroup, settings: Settings) -> Generator[None]:
    environment = {**os.environ, **settings.to_environment()}
    with subprocess.Popen(group.enclose(COMMAND), env=environment) as pool:
        try:
            yield
        finally:
            pool.terminate()
            pool.wait(40)


def _submit(context: Context, settings: Settings, models_dir: Path) -> str:
    data = (models_dir / "demo" / "two_cities.wav").read_bytes()
    job_id = add_job(context, data=data, options=OPTIONS)
    publish(settings, job_id)
    return job_id


def _wait_for_completion(context: Context, job_id: str) -> None:
    wait_for(lambda: read_job(context, job_id).state not in {JobState.QUEUED, JobState.RUNNING})
    assert read_job(context, job_id).state == JobState.COMPLETED


def _read_texts(context: Context, job_id: str) -> list[str]:
    query = select(SegmentRow.text).where(SegmentRow.job_id == job_id).order_by(SegmentRow.index)
    with context.database.snapshot() as session:
        return list(session.scalars(query))


def _count_completions(context: Context, job_id: str) -> int:
    query = select(JobEvent.id).where(
        JobEvent.job_id == job_id, JobEvent.to_state == JobState.COMPLETED
    )
    with context.database.snapshot() as session:
        return len(session.scalars(query).all())


def test_jobs_wait_for_memory_and_survive_a_worker_killed_for_want_of_it(
    settings: Settings, models_dir: Path
) -> None:
    with (
        make_memory_group() as group,
        open_context(settings) as context,
        run_broker(settings),
    ):
        group.limit(TOO_LITTLE)
        with _work_within(group, settings):
            first = _submit(context, settings, models_dir)
            wait_for(lambda: read_job(context, first).waiting_reason)
            waiting = read_job(context, first)
            assert waiting.state == JobState.QUEUED
            assert waiting.waiting_reason is not None
            assert "no live worker's machine has more than 577 MB" in waiting.waiting_reason

            group.limit(ENOUGH)
            _wait_for_completion(context, first)
            assert read_job(context, first).waiting_reason is None
            assert group.count_kills() == 0

            second = _submit(context, settings, models_dir)
            wait_for(lambda: is_transcribing(context, second))
            group.eat_until_kill()
            _wait_for_completion(context, second)
        # The kernel may kill the decoding child beside the worker.
        assert group.count_kills() >= 1
        assert sum(span.attempt - 1 for span in list_spans(context, second)) == 1
        assert _count_completions(context, second) == 1
        assert _read_texts(context, second) == _read_texts(context, first)
