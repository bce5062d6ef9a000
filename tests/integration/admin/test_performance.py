"""`GET /api/admin/health/performance`: the exact percentiles lie within what it tells."""

import math
import os
import subprocess
import sys
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import func, select, update
from starlette.testclient import TestClient

from scrapes import read_family, scrape_client
from service_context import open_client, require_first_admin, sign_in
from transcriber.admin.performance.report import report_performance
from transcriber.infra.clock import read_database_time
from transcriber.infra.context import Context
from transcriber.infra.meter import Meter
from transcriber.infra.metric_families import MOST_VALUES, OTHER, REQUESTS
from transcriber.infra.metric_rows import MetricDelta, forget_changes
from transcriber.infra.metric_writer import MetricWriter

sys.path.insert(0, str(Path(__file__).parent))
from measuring_process import OBSERVATIONS, draw_requests, draw_spans

SCRIPT = Path(__file__).with_name("measuring_process.py")
HERE = ("127.0.0.1", 50_000)
SHARES = {"p50": 0.5, "p90": 0.9, "p95": 0.95, "p99": 0.99}


def ask(context: Context) -> dict[str, Any]:
    """What the route answers, without the cost of signing in for each test."""
    return report_performance(context.database).model_dump(mode="json")


def run_processes(context: Context, count: int) -> None:
    """So many at once, each with a part of the observations."""
    environment = {**os.environ, **context.settings.to_environment()}
    processes = [
        subprocess.Popen([sys.executable, str(SCRIPT), str(seed)], env=environment)
        for seed in range(count)
    ]
    assert [process.wait(120) for process in processes] == [0] * count


def check_percentiles(found: dict[str, Any], values: list[float]) -> None:
    assert found["count"] == len(values)
    assert found["average_seconds"] == pytest.approx(sum(values) / len(values))
    for name, share in SHARES.items():
        exact = sorted(values)[max(1, math.ceil(share * len(values))) - 1]
        told = found[name]
        assert told["at_least"] <= exact
        assert told["at_most"] is None or exact <= told["at_most"]
        # The error that is told is the bucket's, and the estimate makes no greater one.
        assert told["at_least"] <= told["seconds"]
        assert told["at_most"] is None or told["seconds"] <= told["at_most"]


@pytest.mark.parametrize("count", [1, 4])
def test_percentiles_are_inside_the_buckets_error(context: Context, count: int) -> None:
    run_processes(context, count)
    requests = [each for seed in range(count) for each in draw_requests(seed)]
    spans = [each for seed in range(count) for each in draw_spans(seed)]
    found = ask(context)
    assert [each["minutes"] for each in found["windows"]] == [1, 5, 15, 60]
    for window in found["windows"][1:]:
        assert window["processes"] == count
        check_percentiles(window["requests"], [seconds for *_, seconds in requests])
        for route in window["routes"]:
            own = [r for r in requests if (r[0], r[1]) == (route["method"], route["route"])]
            check_percentiles(route, [seconds for *_, seconds in own])
            statuses = Counter(status for _, _, status, _ in own)
            assert (route["errors"], route["refused"]) == (statuses[503], statuses[404])
            assert route["error_rate"] == pytest.approx(statuses[503] / len(own))
        assert len(window["routes"]) == 3
        [stage] = window["stages"]
        assert (stage["stage"], stage["errors"], stage["stopped"]) == ("transcribe", 0, 0)
        check_percentiles(stage, spans)
    assert len(found["over_time"]) == 60
    assert sum(each["requests"] for each in found["over_time"]) == len(requests)
    assert sum(each["spans"] for each in found["over_time"]) == len(spans)
    check_exposition(context, requests)
    check_counters(context, count)


def check_exposition(context: Context, requests: list[tuple[str, str, int, float]]) -> None:
    """`/metrics` has the very same counts."""
    with open_client(context, client=HERE) as client:
        text = client.get("/metrics").text
    [family] = [each for each in text_string_to_metric_families(text) if each.name == REQUESTS]
    for sample in family.samples:
        if sample.name == f"{REQUESTS}_bucket":
            bound = float(sample.labels["le"])
            assert sample.value == sum(
                seconds <= bound
                for method, route, status, seconds in requests
                if (method, route) == (sample.labels["method"], sample.labels["route"])
                and sample.labels["status"] == f"{status // 100}xx"
            )


def check_counters(context: Context, count: int) -> None:
    """Nothing of any process is lost, and however many models there are, few have a name."""
    with open_client(context, client=HERE) as client:
        samples = scrape_client(client)
    sent = sum(seed + number for seed in range(count) for number in range(OBSERVATIONS))
    assert read_family(samples, "transcriber_upload_bytes_total")["chunks",] == sent
    worked = read_family(samples, "transcriber_worked_audio_seconds_total")
    assert sum(worked.values()) == count * OBSERVATIONS
    models = {model for _, model, _ in worked}
    assert len(models - {OTHER}) == MOST_VALUES["model"]
    assert OTHER in models


def test_what_is_older_than_a_window_is_not_in_it(context: Context) -> None:
    meter = Meter()
    writer = MetricWriter(context.database, meter)
    for minutes in (0, 3, 10, 30, 70, 130):
        meter.observe_request("GET", "/jobs/", 200, 0.01)
        writer.write()
        with context.database.unit_of_work() as uow:
            newest = select(func.max(MetricDelta.id)).scalar_subquery()
            age = read_database_time(uow.session) - timedelta(minutes=minutes)
            statement = update(MetricDelta).where(MetricDelta.id == newest)
            uow.session.execute(statement.values(written_at=age))
    counts = [window["requests"]["count"] for window in ask(context)["windows"]]
    assert counts == [1, 2, 3, 4]
    with context.database.unit_of_work() as uow:
        forget_changes(uow)
        assert uow.session.scalar(select(func.count()).select_from(MetricDelta)) == 5


def test_nothing_observed_is_no_percentile(context: Context) -> None:
    found = ask(context)
    for window in found["windows"]:
        assert window["requests"]["p95"] is None
        assert window["requests"]["error_rate"] is None
        assert (window["routes"], window["stages"]) == ([], [])
    assert {each["p95_seconds"] for each in found["over_time"]} == {None}


def test_requests_are_counted_by_the_route_that_answered(
    context: Context, client: TestClient
) -> None:
    headers = sign_in(client, require_first_admin(context))
    for number in range(3):
        client.get(f"/jobs/{number:032x}", headers=headers)
    client.get("/jobs/", headers=headers)
    client.get("/nothing/of/ours")
    client.get("/healthz")
    client.app.state.metric_writer.write()
    answer = client.get("/api/admin/health/performance", headers=headers)
    assert answer.status_code == 200, answer.text
    hour = answer.json()["windows"][-1]
    counts = {each["route"]: (each["count"], each["refused"]) for each in hour["routes"]}
    assert counts == {
        "/auth/login": (1, 0),
        "/jobs/": (1, 0),
        "/jobs/{job_id}": (3, 3),
        "/healthz": (1, 0),
        "other": (1, 1),
    }
    assert (hour["requests"]["count"], hour["requests"]["refused"]) == (7, 4)
