"""A real Prometheus with the rules of deploy/, which scrapes a service of a test."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import yaml

from s3_server import find_free_ports
from serve_process import wait_for

RULES = Path(__file__).parents[1] / "deploy" / "prometheus" / "alerts.yml"
START_SECONDS = 60.0
HASTE = "5s"
"""More than a scrape's interval."""


@dataclass(frozen=True)
class Prometheus:
    address: str

    def list_alerts(self, state: str = "firing") -> dict[str, dict[str, str]]:
        """Alerts in a state by their names, each with the labels of one of that name."""
        return {each["alertname"]: each for each in self.list_all_alerts(state)}

    def list_all_alerts(self, state: str) -> list[dict[str, str]]:
        """The labels of every alert in a state."""
        answer = httpx.get(f"{self.address}/api/v1/alerts", trust_env=False)
        alerts = answer.raise_for_status().json()["data"]["alerts"]
        return [each["labels"] for each in alerts if each["state"] == state]

    def ask(self, query: str) -> float:
        """The one value of a query; 0 without any."""
        answer = httpx.get(f"{self.address}/api/v1/query", params={"query": query}, trust_env=False)
        found = answer.raise_for_status().json()["data"]["result"]
        return float(found[0]["value"][1]) if found else 0.0

    def is_scraping(self) -> bool:
        answer = httpx.get(f"{self.address}/api/v1/targets", trust_env=False)
        targets = answer.raise_for_status().json()["data"]["activeTargets"]
        return [each["health"] for each in targets] == ["up"]


def find_prometheus() -> str | None:
    return shutil.which("prometheus")


@contextmanager
def run_prometheus(target: str, *, is_hasty: bool = False) -> Generator[Prometheus]:
    """Scrape the service at `host:port` every few seconds.

    With `is_hasty` the rules believe within seconds what they otherwise wait minutes for to last.
    """
    [port] = find_free_ports(1)
    with tempfile.TemporaryDirectory() as name:
        file = Path(name) / "prometheus.yml"
        jobs = [{"job_name": "transcriber", "static_configs": [{"targets": [target]}]}]
        # A scrape may take as long as its interval, and asks parts that are away for two seconds.
        every = {"scrape_interval": "4s", "evaluation_interval": "1s"}
        rules = _write_hasty_rules(Path(name)) if is_hasty else RULES
        settings = {"global": every, "rule_files": [str(rules)], "scrape_configs": jobs}
        file.write_text(yaml.safe_dump(settings))
        program = find_prometheus()
        assert program is not None
        command = [
            program,
            f"--config.file={file}",
            f"--storage.tsdb.path={name}/data",
            f"--web.listen-address=127.0.0.1:{port}",
        ]
        log = Path(name) / "log.txt"
        with log.open("wb") as out:
            process = subprocess.Popen(command, cwd=name, env=os.environ, stdout=out, stderr=out)
        prometheus = Prometheus(f"http://127.0.0.1:{port}")
        try:
            wait_for(lambda: _is_scraping(prometheus) or process.poll() is not None, START_SECONDS)
            assert process.poll() is None, log.read_text()
            yield prometheus
        finally:
            process.kill()
            process.wait()


def _write_hasty_rules(folder: Path) -> Path:
    rules = yaml.safe_load(RULES.read_text())
    for rule in (rule for group in rules["groups"] for rule in group["rules"]):
        if "for" in rule:
            rule["for"] = HASTE
    file = folder / "alerts.yml"
    file.write_text(yaml.safe_dump(rules))
    return file


def _is_scraping(prometheus: Prometheus) -> bool:
    try:
        return prometheus.is_scraping()
    except httpx.HTTPError:
        return False
