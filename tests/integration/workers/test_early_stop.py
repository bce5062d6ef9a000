"""A worker that is asked to stop before it has begun to listen for tokens."""

import signal

from transcriber.infra.context import Context
from transcriber.infra.exit_status import ExitStatus
from transcriber.infra.heartbeats import count_live_workers
from worker_process import run_broker, start_worker, wait_for


def test_a_worker_that_is_stopped_as_it_starts_leaves_no_row(context: Context) -> None:
    with run_broker(context.settings):
        for _ in range(2):
            with start_worker(context.settings) as worker:
                # The row is written before Celery has installed its handlers.
                wait_for(lambda: _has_row(context))
                worker.send_signal(signal.SIGTERM)
                assert worker.wait(30) == ExitStatus.DONE
            assert not _has_row(context)


def test_a_worker_without_a_broker_stops_when_asked(context: Context) -> None:
    with start_worker(context.settings) as worker:
        # It goes on looking for the broker until then.
        wait_for(lambda: _has_row(context))
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(30) == ExitStatus.DONE
    assert not _has_row(context)


def _has_row(context: Context) -> bool:
    with context.database.snapshot() as session:
        return count_live_workers(session, 30) > 0
