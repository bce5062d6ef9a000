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
from pathlib import Path

import psutil

from results_files import describe_machine, write_results
from running_service import RunningService, run_service
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
    moments = random.Random(arguments.seed)  # noqa: S311 -- moments, not secrets
    found: list[float] = []
    with tempfile.TemporaryDirectory() as folder:
        recording = write_speech(Path(folder), arguments)
        with run_service(Path(folder), {"LOG_LEVEL": "INFO"}) as service:
            # The second plans while the first one's spans wait, so that drains meet both.
            for _ in range(3):
                submit(service, recording)
            for _ in range(arguments.rounds):
                found.append(_drain_one(service, moments.uniform(0, arguments.longest_wait)))
                print(f"{len(found):3} {found[-1]:.2f} s", flush=True)
            deaths = _count_deaths(Path(folder) / "transcriber.sqlite3")
        log = (Path(folder) / "serve.log").read_text(encoding="utf-8")
    figures = summarize(found)
    cut_short = log.count("drain_exceeded") + len(re.findall("work_ended.*drain", log))
    report = "\n".join(
        [
            "# Draining a worker under real work",
            "",
            "| drains | p50 | p95 | longest | cut short | left to the reconciler |",
            "|---|---|---|---|---|---|",
            (
                f"| {len(found)} | {figures['p50']} s | {figures['p95']} s | {figures['max']} s "
                f"| {cut_short} | {deaths} |"
            ),
            "",
            "From SIGTERM until the process is gone, at random moments after its start.",
        ]
    )
    print(report)
    counts = {"drains": len(found), "cut_short": cut_short, "left_to_reconciler": deaths}
    write_results("drain", {"machine": machine, **counts, "seconds": figures}, report)
    return int(figures["max"] > arguments.allowed_seconds or cut_short + deaths > 0)


def _drain_one(service: RunningService, wait_seconds: float) -> float:
    worker = _await_worker(service)
    time.sleep(wait_seconds)
    started = time.monotonic()
    worker.terminate()
    while worker.is_running() and worker.status() != psutil.STATUS_ZOMBIE:
        time.sleep(0.01)
    return time.monotonic() - started


def _await_worker(service: RunningService) -> psutil.Process:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        for each in service.process.children():
            if each.status() != psutil.STATUS_ZOMBIE and "transcriber.worker" in each.cmdline():
                return each
        time.sleep(0.05)
    raise SystemExit("No worker was started again.")


def _count_deaths(database: Path) -> int:
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as connection:
        found: int = connection.execute("SELECT coalesce(sum(deaths), 0) FROM spans").fetchone()[0]
    return found


if __name__ == "__main__":
    sys.exit(main())
