"""The rules and the board of deploy/: they name what `/metrics` has, and pages that exist."""

import json
import re
import shutil
import subprocess
from collections.abc import Generator, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import yaml

from job_builders import add_worker
from promql_names import read_names
from service_context import build_settings, open_context
from transcriber.admin.metrics import ServiceCollector
from transcriber.admin.system.bounded_checks import BoundedChecks

REPOSITORY = Path(__file__).parents[3]
RULES = REPOSITORY / "deploy" / "prometheus" / "alerts.yml"
BOARD = REPOSITORY / "deploy" / "grafana" / "transcriber.json"
TARGET = {"job", "instance"}
"""Labels that the scraper adds to everything."""
SUFFIXES = {"counter": ("_total",), "histogram": ("_bucket", "_count", "_sum"), "info": ("_info",)}
FROM_ELSEWHERE = {"up"}


@dataclass
class Family:
    labels: set[str]
    seen: dict[str, set[str]] = field(default_factory=dict)


@pytest.fixture(scope="module")
def families(tmp_path_factory: pytest.TempPathFactory) -> Generator[dict[str, Family]]:
    """Every metric by the name that a query calls it by."""
    with open_context(build_settings(tmp_path_factory.mktemp("metrics"))) as context:
        add_worker(context)
        found: dict[str, Family] = {name: Family(set(TARGET)) for name in FROM_ELSEWHERE}
        for family in ServiceCollector(context, BoundedChecks()).collect():
            seen: dict[str, set[str]] = {}
            for sample in family.samples:
                for label, value in sample.labels.items():
                    seen.setdefault(label, set()).add(value)
            for suffix in SUFFIXES.get(family.type, ("",)):
                labels = {*family._labelnames, *seen, *TARGET}
                labels |= {"le"} if suffix == "_bucket" else set()
                found[family.name + suffix] = Family(labels, seen)
        yield found


def list_rules() -> list[dict[str, Any]]:
    document = yaml.safe_load(RULES.read_text())
    return [rule for group in document["groups"] for rule in group["rules"]]


def list_queries() -> Iterator[tuple[str, str]]:
    for panel in json.loads(BOARD.read_text())["panels"]:
        for target in panel.get("targets", []):
            # Grafana puts a duration there.
            yield panel["title"], target["expr"].replace("$__rate_interval", "5m")


def check_expression(expression: str, families: dict[str, Family]) -> None:
    named = read_names(expression)
    assert named
    for each in named:
        assert each.metric in families, f"There is no {each.metric}."
        family = families[each.metric]
        assert each.labels <= family.labels, f"{each.metric} has no {each.labels - family.labels}."
        for label, value in each.equals:
            # Where all values are told from the start, a wrong one would never match.
            assert value in family.seen.get(label, {value}), f"No {label} is {value}."


@pytest.mark.parametrize("rule", list_rules(), ids=lambda rule: rule["alert"])
def test_an_alert_names_what_there_is(rule: dict[str, Any], families: dict[str, Family]) -> None:
    check_expression(rule["expr"], families)
    assert rule["labels"]["severity"] in {"critical", "warning", "info"}
    shown = set(re.findall(r"\$labels\.(\w+)", rule["annotations"]["summary"]))
    assert shown <= set().union(
        *(families[each.metric].labels for each in read_names(rule["expr"]))
    )


@pytest.mark.parametrize("rule", list_rules(), ids=lambda rule: rule["alert"])
def test_an_alert_has_a_runbook(rule: dict[str, Any]) -> None:
    page, _, anchor = rule["annotations"]["runbook"].partition("#")
    headings = re.findall(r"^## (.+)$", (REPOSITORY / page).read_text(), re.MULTILINE)
    assert rule["alert"] in headings
    assert anchor == rule["alert"].lower()


def test_no_runbook_is_about_nothing() -> None:
    text = (REPOSITORY / "docs" / "operations" / "runbooks.md").read_text()
    alerts = [rule["alert"] for rule in list_rules()]
    assert re.findall(r"^## (.+)$", text, re.MULTILINE) == alerts
    assert len(set(alerts)) == len(alerts)


@pytest.mark.parametrize(("title", "expression"), list(list_queries()))
def test_a_panel_names_what_there_is(
    title: str, expression: str, families: dict[str, Family]
) -> None:
    check_expression(expression, families)


def test_every_metric_is_on_the_board_and_in_the_documentation(
    families: dict[str, Family],
) -> None:
    shown = {each.metric for _, query in list_queries() for each in read_names(query)}
    stems = {re.sub(r"_(bucket|count|sum)$", "", name) for name in families} - FROM_ELSEWHERE
    of_board = {re.sub(r"_(bucket|count|sum)$", "", name) for name in shown}
    assert stems - of_board == {
        *("transcriber_build_info", "transcriber_outbox_entries"),
    }
    page = (REPOSITORY / "docs" / "operations" / "metrics.md").read_text()
    assert {name for name in stems if f"`{name}`" not in page} == set()
    documented = set(re.findall(r"`(transcriber_\w+)`", page))
    assert documented <= stems


def test_panels_have_places_of_their_own() -> None:
    panels = json.loads(BOARD.read_text())["panels"]
    taken: set[tuple[int, int]] = set()
    for panel in panels:
        place = panel["gridPos"]
        cells = {
            (x, y)
            for x in range(place["x"], place["x"] + place["w"])
            for y in range(place["y"], place["y"] + place["h"])
        }
        assert max(x for x, _ in cells) < 24
        assert not taken & cells, panel["title"]
        taken |= cells
    assert len({panel["id"] for panel in panels}) == len(panels)


@pytest.mark.parametrize(
    "wrong",
    [
        "transcriber_nothing == 0",
        "max by (colour) (transcriber_ready)",
        'transcriber_workers{state="asleep"} > 0',
        "rate(transcriber_fences[5m])",
        "sum by (le) (rate(transcriber_request_seconds_count[5m]))",
        "max(transcriber_ready",
    ],
)
def test_a_wrong_expression_is_noticed(wrong: str, families: dict[str, Family]) -> None:
    with pytest.raises((AssertionError, ValueError)):
        check_expression(wrong, families)


def test_prometheus_takes_the_rules() -> None:
    if (promtool := shutil.which("promtool")) is None:
        pytest.skip("promtool is not installed; `make prometheus` installs it.")
    subprocess.run([promtool, "check", "rules", str(RULES)], check=True)
