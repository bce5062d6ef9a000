"""Workers that come back with what others did meanwhile fire the alert that tells of it."""

import signal
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

import pytest

from disturbed_service import Disturbed, run_disturbed
from job_builders import list_spans, read_job
from prometheus_server import find_prometheus
from service_context import create_postgres_database
from transcriber.infra.context import Context
from transcriber.jobs.states import JobState
from worker_process import is_transcribing, start_worker, submit, wait_for

FROZEN = 4
"""Up to three in an hour are what a day with restarts may bring."""

pytestmark = [
    pytest.mark.long,
    pytest.mark.postgres,
    pytest.mark.timeout(600),
    pytest.mark.skipif(
        find_prometheus() is None,
        reason="Prometheus is not installed; `make alerts` installs and runs it.",
    ),
]


def test_workers_that_were_frozen_past_their_leases(tmp_path: Path) -> None:
    # On SQLite a worker that stands still inside its transaction is the outage of everybody.
    with (
        create_postgres_database() as url,
        run_disturbed(tmp_path, disk_low_water_bytes=0, database_url=url) as disturbed,
        ExitStack() as ending,
    ):
        context, settings = disturbed.context, disturbed.settings
        frozen = [ending.enter_context(start_worker(settings, "steps")) for _ in range(FROZEN)]
        jobs = [submit(context, settings, f"owner{number}") for number in range(FROZEN)]
        wait_for(lambda: all(is_transcribing(context, each) for each in jobs))
        for worker in frozen:
            worker.send_signal(signal.SIGSTOP)
        with start_worker(settings):
            wait_for(lambda: _are_completed(context, jobs))
            assert not disturbed.is_told("TranscriberFenced")
            for worker in frozen:
                worker.send_signal(signal.SIGCONT)
            told = disturbed.wait_until_firing("TranscriberFenced")
        assert told["work"] == "span"
        assert [worker.poll() for worker in frozen] == [None] * FROZEN
        # What they came back with changed nothing: each span was done by whoever took it over.
        _check_second_attempts(disturbed, jobs)


def _are_completed(context: Context, jobs: Sequence[str]) -> bool:
    return all(read_job(context, each).state == JobState.COMPLETED for each in jobs)


def _check_second_attempts(disturbed: Disturbed, jobs: Sequence[str]) -> None:
    for job_id in jobs:
        assert read_job(disturbed.context, job_id).state == JobState.COMPLETED
        [speech] = [span for span in list_spans(disturbed.context, job_id) if span.index >= 0]
        assert speech.attempt == 2
