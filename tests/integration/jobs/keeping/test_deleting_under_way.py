"""A job that is deleted while a worker reads its recording leaves nothing half-written."""

import threading
from collections.abc import Generator

import pytest

from hostile_media import build_noise, build_wav
from job_builders import FakeEngines, add_job
from transcriber.engine.options import TranscribeOptions
from transcriber.infra.context import Context
from transcriber.jobs import planning
from transcriber.jobs.runner import Runner
from transcriber.jobs.service import JobService

NO_VAD = TranscribeOptions(vad_filter=False)


@pytest.fixture
def paused(monkeypatch: pytest.MonkeyPatch) -> Generator[tuple[threading.Event, threading.Event]]:
    """Holds planning between its last sample and the end of its object."""
    reached, go_on = threading.Event(), threading.Event()
    conclude = planning._conclude

    def wait(*parts: object) -> object:
        reached.set()
        assert go_on.wait(30)
        return conclude(*parts)

    monkeypatch.setattr(planning, "_conclude", wait)
    yield reached, go_on
    go_on.set()


def test_samples_finished_after_the_deletion_are_removed(
    context: Context, paused: tuple[threading.Event, threading.Event]
) -> None:
    reached, go_on = paused
    job_id = add_job(context, data=build_wav(build_noise(20)), options=NO_VAD)
    runner = Runner(context, FakeEngines(), worker_id="w1")
    thread = threading.Thread(target=runner.run_token)
    thread.start()
    assert reached.wait(30)
    with context.database.unit_of_work() as uow:
        JobService(uow, context.queue, context.storage).delete("alice", job_id)
    go_on.set()
    thread.join(30)
    assert not list(context.storage.find_objects())
