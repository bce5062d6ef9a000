"""Figures for Prometheus, in one snapshot of the database for each scrape."""

import platform
from collections.abc import Iterator
from importlib.metadata import version

from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    InfoMetricFamily,
    Metric,
)
from prometheus_client.registry import Collector
from sqlalchemy.orm import Session

from transcriber.accounts.legacy.gate import HEADER
from transcriber.admin.metrics_measured import show_gauges, show_totals
from transcriber.admin.metrics_now import show_now
from transcriber.admin.readiness import check_readiness
from transcriber.admin.system.bounded_checks import BoundedChecks
from transcriber.infra.context import Context
from transcriber.jobs.repository import count_jobs_by_state
from transcriber.jobs.states import JobState
from transcriber.uploads.aliases.repository import sum_uses
from transcriber.uploads.repository import count_uploads_by_state
from transcriber.uploads.states import UploadState


class ServiceCollector(Collector):
    """Reads everything for one scrape.

    All figures are the same whichever process is asked, but for its version and what it finds
    when it looks at the parts it needs.

    Args:
        context: The process's parts.
        checks: Those of readiness, which bound the looks at parts that may not answer.
    """

    def __init__(self, context: Context, checks: BoundedChecks) -> None:
        self._context = context
        self._checks = checks

    def collect(self) -> Iterator[Metric]:
        """The figures.

        Raises:
            sqlalchemy.exc.OperationalError: when the database is away.
        """
        with self._context.database.snapshot() as session:
            yield _show_states(
                "transcriber_jobs", "Jobs by state.", JobState, count_jobs_by_state(session)
            )
            yield _show_states(
                "transcriber_uploads",
                "Uploads by state; those that ended are kept for a week.",
                UploadState,
                count_uploads_by_state(session),
            )
            yield from show_now(session)
            yield from _show_old_names(session)
            yield from show_totals(session)
            yield from show_gauges(session)
        yield self._show_readiness()
        yield InfoMetricFamily(
            "transcriber_build",
            "The version that answers.",
            value={
                "version": version("whisper-transcriber"),
                "python": platform.python_version(),
            },
        )

    def _show_readiness(self) -> Metric:
        family = GaugeMetricFamily(
            "transcriber_ready", "Whether a check of readiness holds.", labels=["check"]
        )
        for check in check_readiness(self._context, self._checks):
            family.add_metric([check.name], float(check.is_ok))
        return family


def _show_states(
    name: str, text: str, states: type[JobState] | type[UploadState], counts: dict[str, int]
) -> Metric:
    family = GaugeMetricFamily(name, text, labels=["state"])
    # A state that nothing is in is a zero, not a gap in the graph.
    for state in states:
        family.add_metric([str(state)], counts.get(str(state), 0))
    return family


def _show_old_names(session: Session) -> Iterator[Metric]:
    aliases = CounterMetricFamily(
        "transcriber_upload_alias_uses",
        "Requests to deprecated aliases of the upload protocol, in whatever phase.",
        labels=["alias", "client"],
    )
    header = CounterMetricFamily(
        "transcriber_legacy_header_uses",
        "Requests that said who asks by X-User-ID alone.",
        labels=["client"],
    )
    for (alias, client), uses in sorted(sum_uses(session).items()):
        if alias == HEADER:
            header.add_metric([client], uses)
        else:
            aliases.add_metric([alias, client], uses)
    yield aliases
    yield header
