"""How long a running job takes to end after its owner cancelled it.

Real speech is transcribed by a real worker and cancelled at a random moment of it, planning
included.  The time counts from before the request until the job's state says `cancelled`.  Exits
with status 1 where the p99 is above `--allowed-seconds`.
"""

import argparse
import random
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from http import HTTPStatus
from pathlib import Path

import httpx

from measured_service import DISTURBED_NOTE, list_conditions, run_measured_service
from results_files import describe_machine, write_results
from running_service import RunningService
from speech_jobs import add_arguments, await_state, submit, summarize, write_speech


def main() -> int:
    """Measure, print, keep the figures; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    add_arguments(parser, rounds=60, minutes=4)
    parser.add_argument("--longest-wait", type=float, default=8.0, help="before cancelling")
    parser.add_argument("--allowed-seconds", type=float, default=6.0)
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
    name = "cancel-disturbed" if arguments.disturbed else "cancel"
    write_results(name, {"machine": machine, "runs": [asdict(run) for run in runs]}, report)
    return int(any(run.seconds["p99"] > arguments.allowed_seconds for run in runs))


@dataclass(frozen=True, slots=True)
class Run:
    """What was found under one condition; seconds by percentile."""

    condition: str
    cancels: int
    seconds: dict[str, float]
    workers_ended: int


def _measure(folder: Path, recording: Path, condition: str, arguments: argparse.Namespace) -> Run:
    moments = random.Random(arguments.seed)  # noqa: S311 -- moments, not secrets
    found: list[float] = []
    with run_measured_service(
        folder, recording, condition, workers=1, environment={"LOG_LEVEL": "INFO"}
    ) as (service, _):
        while len(found) < arguments.rounds:
            wait_seconds = moments.uniform(0, arguments.longest_wait)
            seconds = _cancel_one(service, recording, wait_seconds)
            if seconds is not None:
                found.append(seconds)
                print(f"{condition} {len(found):3} {seconds:.2f} s", flush=True)
    ended = (folder / "serve.log").read_text(encoding="utf-8").count("work_ended")
    return Run(condition, len(found), summarize(found), ended)


def _write_report(runs: list[Run], *, is_disturbed: bool) -> str:
    rows = [
        f"| {run.condition} | {run.cancels} | "
        f"{' | '.join(f'{value} s' for value in run.seconds.values())} | {run.workers_ended} |"
        for run in runs
    ]
    return "\n".join(
        [
            "# Cancelling a running job",
            "",
            "| | cancels | p50 | p95 | p99 | longest | workers ended for it |",
            "|---|---|---|---|---|---|---|",
            *rows,
            "",
            "From the request until the state is `cancelled`, at random moments of real speech.",
            *([DISTURBED_NOTE] if is_disturbed else []),
        ]
    )


def _cancel_one(service: RunningService, recording: Path, wait_seconds: float) -> float | None:
    job_id = submit(service, recording)
    await_state(service, job_id, "running")
    time.sleep(wait_seconds)
    started = time.monotonic()
    answer = httpx.post(
        f"{service.address}/jobs/{job_id}/cancel", headers=service.headers, timeout=30
    )
    if answer.status_code == HTTPStatus.CONFLICT:
        # It was over before; that is no cancel.
        return None
    answer.raise_for_status()
    await_state(service, job_id, "cancelled")
    return time.monotonic() - started


if __name__ == "__main__":
    sys.exit(main())
