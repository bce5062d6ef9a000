"""What goes wrong with jobs and their workers fires the alerts that tell of it."""

import signal
from collections.abc import Generator
from datetime import timedelta
from itertools import islice
from pathlib import Path

import psutil
import pytest
from sqlalchemy import update

from disturbed_service import Disturbed
from hostile_media import write_silent_opus
from job_builders import add_job, list_spans, read_job
from prometheus_server import find_prometheus
from transcriber.infra.clock import read_database_time
from transcriber.jobs.models import Job
from transcriber.jobs.states import JobState
from worker_process import publish, start_worker, submit, wait_for

DEATHS = 3
"""After so many without a checkpoint a job is quarantined."""
ENOUGH = 4
"""Rules that wait for more than three let a day with restarts pass."""

pytestmark = [
    pytest.mark.long,
    pytest.mark.timeout(600),
    pytest.mark.skipif(
        find_prometheus() is None,
        reason="Prometheus is not installed; `make alerts` installs and runs it.",
    ),
]


def test_work_that_nobody_takes_and_a_worker_that_is_slow(disturbed: Disturbed) -> None:
    job_id = submit(disturbed.context, disturbed.settings)
    disturbed.wait_until_firing("TranscriberWorkNotTaken")
    assert not disturbed.is_told("TranscriberSlowerThanSpeech")
    # Seven seconds for one of speech.
    with start_worker(disturbed.settings, "short"):
        disturbed.wait_until_quiet("TranscriberWorkNotTaken")
        wait_for(lambda: _is_completed(disturbed, job_id))
        told = disturbed.wait_until_firing("TranscriberSlowerThanSpeech")
        assert told["model"] == "base"


def test_a_queue_that_no_worker_gets_through(disturbed: Disturbed) -> None:
    job_id = submit(disturbed.context, disturbed.settings)
    disturbed.wait_until_firing("TranscriberWorkNotTaken")
    assert not disturbed.is_told("TranscriberQueueWaits")
    # The test does not sit out the half hour: the job has waited for as long as its row says.
    with disturbed.context.database.unit_of_work() as uow:
        earlier = read_database_time(uow.session) - timedelta(minutes=31)
        uow.session.execute(update(Job).where(Job.id == job_id).values(queued_at=earlier))
    disturbed.wait_until_firing("TranscriberQueueWaits")
    with start_worker(disturbed.settings):
        disturbed.wait_until_quiet("TranscriberQueueWaits")
        wait_for(lambda: _is_completed(disturbed, job_id))


def test_a_job_that_takes_its_workers_with_it(disturbed: Disturbed) -> None:
    job_id = submit(disturbed.context, disturbed.settings)
    for death in range(1, DEATHS + 1):
        assert not disturbed.is_told("TranscriberJobsQuarantined")
        with start_worker(disturbed.settings, "steps"):
            wait_for(lambda death=death: _count_attempts(disturbed, job_id) == death)
    with start_worker(disturbed.settings):
        disturbed.wait_until_firing("TranscriberJobsQuarantined")
    assert read_job(disturbed.context, job_id).state == JobState.QUARANTINED


def test_recordings_that_crash_the_decoder(disturbed: Disturbed, tmp_path: Path) -> None:
    long_one = write_silent_opus(tmp_path / "long.opus", hours=6).read_bytes()
    with start_worker(disturbed.settings) as worker:
        for number in range(ENOUGH):
            assert not disturbed.is_told("TranscriberDecoderCrashes")
            job_id = add_job(disturbed.context, f"owner{number}", data=long_one)
            publish(disturbed.settings, job_id)
        for decoder in islice(_find_decoders(worker.pid), ENOUGH):
            # As by a fault in a library that reads what others made.
            decoder.send_signal(signal.SIGSEGV)
        disturbed.wait_until_firing("TranscriberDecoderCrashes")


def _count_attempts(disturbed: Disturbed, job_id: str) -> int:
    """How often workers have begun to transcribe; what decoding took is no part of it."""
    spans = list_spans(disturbed.context, job_id)
    return max((span.attempt for span in spans if span.index >= 0), default=0)


def _is_completed(disturbed: Disturbed, job_id: str) -> bool:
    return read_job(disturbed.context, job_id).state == JobState.COMPLETED


def _find_decoders(worker_id: int) -> Generator[psutil.Process]:
    """Each process that the worker starts to decode a recording, as soon as it is there."""
    seen: set[int] = set()
    worker = psutil.Process(worker_id)
    while True:
        wait_for(lambda: {each.pid for each in worker.children()} - seen)
        for each in worker.children():
            if each.pid not in seen:
                seen.add(each.pid)
                yield each
