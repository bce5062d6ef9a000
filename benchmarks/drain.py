"""How long a worker takes to end after SIGTERM, under real work.

One worker after the other is asked to stop: at a random moment after its start, so that some load
the model, some plan a long recording, and most transcribe.  Exits with status 1 where one took
longer than `--allowed-seconds`, ended otherwise than asked, or left its work to the reconciler.
"""

import argparse
import random
import re
import sqlite3
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import psutil

from measured_service import DISTURBED_NOTE, list_conditions, run_measured_service
from results_files import describe_machine, write_results
from running_service import RunningService
from speech_jobs import add_arguments, submit, summarize, write_speech

START_SECONDS = 60.0


def main() -> int:
    """Measure, print, keep the figures; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    add_arguments(parser, rounds=20, minutes=60)
    parser.add_argument("--longest-wait", type=float, default=20.0, help="before the signal")
    parser.add_argument("--allowed-seconds", type=float, default=30.0)
    arguments = parser.parse_args()
    machine = describe_machine()
    with tempfile.TemporaryDirectory() as folder:
        recording = write_speech(Path(folder), arguments)
        runs = [
            _measure(Path(folder) / condition, recording, condition, arguments)
            for condition in list_conditions(is_disturbed=arguments.disturbed)
        ]
    report = _write_report(runs, is_disturbed=arguments.disturbed)
    print(report)
    name = "drain-disturbed" if arguments.disturbed else "drain"
    write_results(name, {"machine": machine, "runs": [asdict(run) for run in runs]}, report)
    is_slow = any(run.seconds["max"] > arguments.allowed_seconds for run in runs)
    return int(is_slow or any(run.cut_short + run.left_to_reconciler for run in runs))


@dataclass(frozen=True, slots=True)
class Run:
    """What was found under one condition; seconds by percentile."""

    condition: str
    drains: int
    seconds: dict[str, float]
    cut_short: int
    left_to_reconciler: int


def _measure(folder: Path, recording: Path, condition: str, arguments: argparse.Namespace) -> Run:
    moments = random.Random(arguments.seed)  # noqa: S311 -- moments, not secrets
    found: list[float] = []
    with run_measured_service(
        folder, recording, condition, workers=1, environment={"LOG_LEVEL": "INFO"}
    ) as (service, others):
        # The second plans while the first one's spans wait, so that drains meet both.
        jobs = [submit(service, recording) for _ in range(3)]
        stopped = others.stopped_pid if others else None
        for _ in range(arguments.rounds):
            found.append(_drain_one(service, moments.uniform(0, arguments.longest_wait), stopped))
            print(f"{condition} {len(found):3} {found[-1]:.2f} s", flush=True)
        deaths = _count_deaths(folder / "transcriber.sqlite3", jobs)
    log = (folder / "serve.log").read_text(encoding="utf-8")
    cut_short = log.count("drain_exceeded") + len(re.findall("work_ended.*drain", log))
    return Run(condition, len(found), summarize(found), cut_short, deaths)


def _write_report(runs: list[Run], *, is_disturbed: bool) -> str:
    rows = [
        f"| {run.condition} | {run.drains} | {run.seconds['p50']} s | {run.seconds['p95']} s "
        f"| {run.seconds['max']} s | {run.cut_short} | {run.left_to_reconciler} |"
        for run in runs
    ]
    return "\n".join(
        [
            "# Draining a worker under real work",
            "",
            "| | drains | p50 | p95 | longest | cut short | left to the reconciler |",
            "|---|---|---|---|---|---|---|",
            *rows,
            "",
            "From SIGTERM until the process is gone, at random moments after its start.",
            *([DISTURBED_NOTE] if is_disturbed else []),
        ]
    )


def _drain_one(service: RunningService, wait_seconds: float, stopped_pid: int | None) -> float:
    worker = _await_worker(service, stopped_pid)
    time.sleep(wait_seconds)
    started = time.monotonic()
    worker.terminate()
    while worker.is_running() and worker.status() != psutil.STATUS_ZOMBIE:
        time.sleep(0.01)
    return time.monotonic() - started


def _await_worker(service: RunningService, stopped_pid: int | None) -> psutil.Process:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        for each in service.process.children():
            if each.pid == stopped_pid or each.status() == psutil.STATUS_ZOMBIE:
                continue
            if "transcriber.worker" in each.cmdline():
                return each
        time.sleep(0.05)
    raise SystemExit("No worker was started again.")


def _count_deaths(database: Path, jobs: list[str]) -> int:
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as connection:
        rows = connection.execute("SELECT job_id, deaths FROM spans").fetchall()
    return sum(int(deaths) for job_id, deaths in rows if job_id in jobs)


if __name__ == "__main__":
    sys.exit(main())
