"""The figures of each window, by route and by stage."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from transcriber.admin.performance.estimates import Estimate, estimate_percentile
from transcriber.admin.performance.schemas import (
    MinuteRead,
    PerformanceRead,
    RequestLatency,
    RouteLatency,
    StageLatency,
    WindowRead,
)
from transcriber.admin.performance.windows import MINUTE, Hour, Minute, add_all, add_up, read_hour
from transcriber.infra.database import Database
from transcriber.infra.meter import Amount, SeriesKey
from transcriber.infra.metric_families import REQUESTS, STAGES
from transcriber.infra.metric_writer import WRITE_SECONDS
from transcriber.jobs.stages import FAILED, STAGE_ORDER, STOPPED

WINDOWS = (1, 5, 15, 60)
SHARES = {"p50": 0.5, "p90": 0.9, "p95": 0.95, "p99": 0.99}
SPAN = "transcribe"

Amounts = Mapping[SeriesKey, Amount]
ByLabel = Mapping[str, Amount]


def report_performance(database: Database) -> PerformanceRead:
    """All processes' figures of the last hour.

    Raises:
        sqlalchemy.exc.OperationalError: when the database is away.
    """
    with database.snapshot() as session:
        hour = read_hour(session)
    return PerformanceRead(
        measured_at=hour.until,
        delay_seconds=WRITE_SECONDS,
        windows=[_show_window(hour, minutes) for minutes in WINDOWS],
        over_time=list(_show_minutes(hour)),
    )


def _show_window(hour: Hour, minutes: int) -> WindowRead:
    amounts = hour.sum_newest(minutes)
    routes: dict[tuple[str, ...], dict[str, Amount]] = {}
    stages: dict[str, dict[str, Amount]] = {}
    for key, amount in amounts.items():
        if key.name == REQUESTS:
            method, route, status = key.labels
            routes.setdefault((method, route), {})[status] = amount
        elif key.name == STAGES:
            stage, outcome = key.labels
            stages.setdefault(stage, {})[outcome] = amount
    everything = {
        status: add_up(amounts, lambda key, status=status: key.labels[-1] == status)
        for status in {key.labels[-1] for key in amounts if key.name == REQUESTS}
    }
    shown = [
        RouteLatency.model_validate({**_describe_requests(found), "method": method, "route": route})
        for (method, route), found in routes.items()
    ]
    return WindowRead(
        minutes=minutes,
        processes=hour.count_processes(minutes),
        requests=RequestLatency.model_validate(_describe_requests(everything)),
        routes=sorted(shown, key=lambda each: (-each.count, each.route, each.method)),
        stages=[_show_stage(stage, stages[stage]) for stage in STAGE_ORDER if stage in stages],
    )


def _describe_requests(by_status: ByLabel) -> dict[str, Any]:
    errors = by_status["5xx"].count if "5xx" in by_status else 0
    refused = by_status["4xx"].count if "4xx" in by_status else 0
    return {**_describe(REQUESTS, by_status, errors), "refused": refused}


def _show_stage(stage: str, by_outcome: ByLabel) -> StageLatency:
    failed = by_outcome[FAILED].count if FAILED in by_outcome else 0
    stopped = by_outcome[STOPPED].count if STOPPED in by_outcome else 0
    described = _describe(STAGES, by_outcome, failed)
    return StageLatency.model_validate({**described, "stage": stage, "stopped": stopped})


def _describe(name: str, parts: ByLabel, errors: int) -> dict[str, Any]:
    amount = add_all(parts.values())
    count = amount.count
    return {
        "count": count,
        "errors": errors,
        "error_rate": errors / count if count else None,
        "average_seconds": amount.total / count if count else None,
        **{label: estimate_percentile(name, amount, share) for label, share in SHARES.items()},
    }


def _show_minutes(hour: Hour) -> Iterator[MinuteRead]:
    for age in range(len(hour.minutes) - 1, -1, -1):
        yield _show_minute(hour.minutes[age], hour.until - (age + 1) * MINUTE)


def _show_minute(minute: Minute, starts_at: datetime) -> MinuteRead:
    requests = add_up(minute.amounts, lambda key: key.name == REQUESTS)
    errors = add_up(minute.amounts, lambda key: key.name == REQUESTS and key.labels[-1] == "5xx")
    spans = add_up(minute.amounts, lambda key: key.name == STAGES and key.labels[0] == SPAN)
    return MinuteRead(
        starts_at=starts_at,
        requests=requests.count,
        errors=errors.count,
        p50_seconds=_read_seconds(estimate_percentile(REQUESTS, requests, SHARES["p50"])),
        p95_seconds=_read_seconds(estimate_percentile(REQUESTS, requests, SHARES["p95"])),
        spans=spans.count,
        span_p50_seconds=_read_seconds(estimate_percentile(STAGES, spans, SHARES["p50"])),
        span_p95_seconds=_read_seconds(estimate_percentile(STAGES, spans, SHARES["p95"])),
    )


def _read_seconds(estimate: Estimate | None) -> float | None:
    return None if estimate is None else estimate.seconds
