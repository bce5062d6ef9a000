"""Real worker processes that end themselves to be started afresh."""

import time
from pathlib import Path
from typing import Any

import pytest

from black_hole import open_black_hole
from job_builders import list_spans, read_job
from service_context import build_settings, create_postgres_database, open_context
from transcriber.infra.celery_app import QUEUE_NAME, build_celery
from transcriber.infra.context import Context
from transcriber.infra.exit_status import ExitStatus
from transcriber.infra.heartbeats import count_live_workers
from transcriber.infra.settings import Settings
from worker_process import run_broker, start_worker, submit, wait_for

pytestmark = pytest.mark.usefixtures("brokers_alone")

BROKERS = {
    "redis": (6379, "redis://127.0.0.1:{}/11"),
    "amqp": (5672, "amqp://guest:guest@127.0.0.1:{}//"),
}


def is_alive(context: Context) -> bool:
    with context.database.snapshot() as session:
        return count_live_workers(session, 30) > 0


def test_a_worker_that_grew_finishes_its_slice_and_leaves(context: Context) -> None:
    settings = context.settings
    with run_broker(settings), start_worker(settings, "short", memory_mb=1) as worker:
        job_id = submit(context, settings)
        assert worker.wait(60) == ExitStatus.RECYCLED
        # It left between two slices: nothing was given up half-way, and the rest waits.
        spans = list_spans(context, job_id)
        assert [span.state for span in spans] in (["done", "queued"], ["done", "done"])
        assert all(span.attempt <= 1 for span in spans)
    assert not is_alive(context)


@pytest.mark.postgres
def test_a_worker_leaves_when_its_database_is_silent_for_long(tmp_path: Path) -> None:
    with create_postgres_database() as url, open_black_hole(5432) as hole:
        behind = url.replace(":5432/", f":{hole.port}/")
        settings = build_settings(tmp_path, database_url=behind, heartbeat_seconds=1)
        direct = build_settings(tmp_path, database_url=url)
        with (
            open_context(direct) as context,
            run_broker(settings),
            start_worker(settings, database_seconds=4) as worker,
        ):
            wait_for(lambda: is_alive(context))
            hole.refuse()
            assert worker.wait(45) == ExitStatus.RECYCLED


@pytest.mark.broker
@pytest.mark.parametrize("kind", ["redis", "amqp"])
def test_a_worker_whose_connection_to_the_broker_went_silent_starts_afresh(
    kind: str, tmp_path: Path
) -> None:
    port, address = BROKERS[kind]
    direct = build_settings(tmp_path, broker_url=address.format(port))
    _purge(direct)
    with open_black_hole(port) as hole, open_context(direct) as context:
        behind = build_settings(
            tmp_path, broker_url=address.format(hole.port), heartbeat_seconds=1, reconcile_seconds=1
        )
        with start_worker(behind, deaf_seconds=12) as worker:
            wait_for(lambda: is_alive(context))
            first = submit(context, behind)
            wait_for(lambda: read_job(context, first).state == "completed")
            # Further tokens of the first job are on their way, and would bring the second along.
            time.sleep(2)
            hole.swallow()
            second = submit(context, behind)
            assert worker.wait(60) == ExitStatus.RECYCLED
        with start_worker(behind):
            wait_for(lambda: _is_done(context, second))
    _purge(direct)


def _is_done(context: Context, job_id: str) -> bool:
    return read_job(context, job_id).state == "completed"


def _purge(settings: Settings) -> None:
    with build_celery(settings).connection_for_write() as connection:
        channel: Any = connection.default_channel  # type: ignore[attr-defined]
        channel.queue_declare(queue=QUEUE_NAME, durable=True, auto_delete=False)
        channel.queue_purge(queue=QUEUE_NAME)
