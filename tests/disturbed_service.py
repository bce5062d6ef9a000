"""A service whose work can be disturbed, under a Prometheus that believes what it sees at once."""

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from prometheus_server import Prometheus, run_prometheus
from serve_process import Service, serve, wait_for
from service_context import build_settings, open_context
from transcriber.infra.context import Context
from transcriber.infra.settings import Settings

PATIENCE_SECONDS = 180.0


@dataclass(frozen=True)
class Disturbed:
    context: Context
    settings: Settings
    service: Service
    prometheus: Prometheus

    def wait_until_firing(self, alert: str) -> dict[str, str]:
        """Its labels, as soon as it fires."""
        wait_for(lambda: alert in self.prometheus.list_alerts(), PATIENCE_SECONDS)
        return self.prometheus.list_alerts()[alert]

    def wait_until_quiet(self, alert: str) -> None:
        wait_for(lambda: not self.is_told(alert), PATIENCE_SECONDS)

    def is_told(self, alert: str) -> bool:
        """Whether it fires or is about to."""
        told = self.prometheus.list_alerts() | self.prometheus.list_alerts("pending")
        return alert in told


@contextmanager
def run_disturbed(folder: Path, **choices: Any) -> Generator[Disturbed]:
    """The API with its broker alone: workers are the test's, with leases of three seconds."""
    settings = build_settings(
        folder / "data",
        port=0,
        worker_processes=0,
        lease_seconds=3.0,
        heartbeat_seconds=1.0,
        reconcile_seconds=1.0,
        **choices,
    )
    with open_context(settings) as context, serve(settings) as service:
        service.wait_until_up(children=1)
        target = service.address.removeprefix("http://")
        with run_prometheus(target, is_hasty=True) as prometheus:
            yield Disturbed(context, settings, service, prometheus)
