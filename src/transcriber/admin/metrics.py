"""Figures for Prometheus that are right whichever process is asked: all come from the database."""

import platform
from collections.abc import Iterator
from importlib.metadata import version

from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    InfoMetricFamily,
    Metric,
)
from prometheus_client.registry import Collector
from sqlalchemy.orm import Session

from transcriber.accounts.legacy.gate import HEADER
from transcriber.infra.database import Database
from transcriber.infra.meter import BOUNDS, LABELS, TEXTS, Amount
from transcriber.infra.metric_rows import read_totals
from transcriber.jobs.repository import count_jobs_by_state
from transcriber.jobs.states import JobState
from transcriber.uploads.aliases.repository import sum_uses
from transcriber.uploads.repository import count_uploads_by_state
from transcriber.uploads.states import UploadState


class ServiceCollector(Collector):
    """Reads everything in one snapshot for each scrape.

    Args:
        database: Where the figures are.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def collect(self) -> Iterator[Metric]:
        """The figures.

        Raises:
            sqlalchemy.exc.OperationalError: when the database is away.
        """
        with self._database.snapshot() as session:
            yield _show_states(
                "transcriber_jobs", "Jobs by state.", JobState, count_jobs_by_state(session)
            )
            yield _show_states(
                "transcriber_uploads",
                "Uploads by state; those that ended are kept for a week.",
                UploadState,
                count_uploads_by_state(session),
            )
            yield from _show_old_names(session)
            yield from _show_histograms(session)
        yield InfoMetricFamily(
            "transcriber_build",
            "The version that answers.",
            value={
                "version": version("whisper-transcriber"),
                "python": platform.python_version(),
            },
        )


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


def _show_histograms(session: Session) -> Iterator[Metric]:
    """What all processes observed, also those that are gone: none of it ever falls."""
    totals = read_totals(session)
    for name in LABELS:
        family = HistogramMetricFamily(name, TEXTS[name], labels=LABELS[name])
        for key, amount in totals.items():
            if key.name == name:
                family.add_metric(key.labels, _list_buckets(name, amount), amount.sum_seconds)
        yield family


def _list_buckets(name: str, amount: Amount) -> list[tuple[str, float]]:
    passed = 0
    buckets: list[tuple[str, float]] = []
    for bound in (*map(str, BOUNDS[name]), "+Inf"):
        passed += amount.counts.get(bound, 0)
        buckets.append((bound, passed))
    return buckets
