"""The alerts of deploy/ under a real Prometheus, over a real service whose workers are killed."""

from collections.abc import Generator
from pathlib import Path

import pytest

from prometheus_server import Prometheus, find_prometheus, run_prometheus
from serve_process import serve, wait_for
from service_context import build_settings, open_context
from transcriber.infra.context import Context
from worker_process import is_transcribing, start_worker, submit

LEASE_SECONDS = 3.0
VANISHED_SECONDS = 30.0 + 60.0
"""Until a silent worker counts as gone, and until the rule believes it."""
PATIENCE_SECONDS = VANISHED_SECONDS + 60.0

pytestmark = [
    pytest.mark.weights,
    pytest.mark.long,
    pytest.mark.skipif(
        find_prometheus() is None,
        reason="Prometheus is not installed; `make alerts` installs and runs it.",
    ),
]


@pytest.fixture
def service(
    tmp_path: Path, models_dir: Path, model_cache_dir: Path
) -> Generator[tuple[Context, Prometheus]]:
    settings = build_settings(
        tmp_path / "data",
        port=0,
        worker_processes=0,
        disk_low_water_bytes=0,
        models_dir=models_dir,
        model_cache_dir=model_cache_dir,
        lease_seconds=LEASE_SECONDS,
        heartbeat_seconds=LEASE_SECONDS / 3,
        reconcile_seconds=1.0,
    )
    with open_context(settings) as context, serve(settings) as running:
        running.wait_until_up(children=1)
        with run_prometheus(running.address.removeprefix("http://")) as prometheus:
            yield context, prometheus


@pytest.mark.timeout(600)
def test_killed_workers_are_told_and_their_return_is_too(
    service: tuple[Context, Prometheus],
) -> None:
    context, prometheus = service
    settings = context.settings
    with start_worker(settings, "steps") as first:
        job_id = submit(context, settings)
        wait_for(lambda: is_transcribing(context, job_id))
        wait_for(lambda: "TranscriberNoWorker" not in prometheus.list_alerts("pending"))
        assert prometheus.list_alerts() == {}
        with start_worker(settings, "steps") as second:
            wait_for(lambda: _count_workers(prometheus) == 2)
            first.kill()
            wait_for(lambda: "TranscriberLeaseExpired" in prometheus.list_alerts())
            assert prometheus.list_alerts()["TranscriberLeaseExpired"]["work"] == "span"
            assert "TranscriberNoWorker" not in prometheus.list_alerts()
            second.kill()
            wait_for(lambda: "TranscriberNoWorker" in prometheus.list_alerts(), PATIENCE_SECONDS)
            waiting = prometheus.list_alerts("pending") | prometheus.list_alerts()
            assert waiting["TranscriberNotReady"]["check"] == "workers"
    with start_worker(settings, "quick"):
        wait_for(lambda: not {"TranscriberNoWorker", "TranscriberNotReady"} & _list_all(prometheus))
        # That somebody vanished lately stays true.
        assert "TranscriberLeaseExpired" in prometheus.list_alerts()


def _list_all(prometheus: Prometheus) -> set[str]:
    return {*prometheus.list_alerts(), *prometheus.list_alerts("pending")}


def _count_workers(prometheus: Prometheus) -> float:
    return prometheus.ask('max(transcriber_workers{state="ready"})')
