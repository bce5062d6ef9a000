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
from http import HTTPStatus
from pathlib import Path

import httpx

from results_files import describe_machine, write_results
from running_service import RunningService, run_service
from speech_jobs import add_arguments, await_state, submit, summarize, write_speech


def main() -> int:
    """Measure, print, keep the figures; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    add_arguments(parser, rounds=60, minutes=4)
    parser.add_argument("--longest-wait", type=float, default=8.0, help="before cancelling")
    parser.add_argument("--allowed-seconds", type=float, default=6.0)
    arguments = parser.parse_args()
    machine = describe_machine()
    moments = random.Random(arguments.seed)  # noqa: S311 -- moments, not secrets
    found: list[float] = []
    with tempfile.TemporaryDirectory() as folder:
        recording = write_speech(Path(folder), arguments)
        with run_service(Path(folder), {"LOG_LEVEL": "INFO"}) as service:
            while len(found) < arguments.rounds:
                seconds = _cancel_one(
                    service, recording, moments.uniform(0, arguments.longest_wait)
                )
                if seconds is not None:
                    found.append(seconds)
                    print(f"{len(found):3} {seconds:.2f} s", flush=True)
        log = (Path(folder) / "serve.log").read_text(encoding="utf-8")
    figures = summarize(found)
    ended = log.count("work_ended")
    row = [str(len(found)), *(f"{figures[name]} s" for name in figures), str(ended)]
    report = "\n".join(
        [
            "# Cancelling a running job",
            "",
            "| cancels | p50 | p95 | p99 | longest | workers ended for it |",
            "|---|---|---|---|---|---|",
            f"| {' | '.join(row)} |",
            "",
            "From the request until the state is `cancelled`, at random moments of real speech.",
        ]
    )
    print(report)
    write_results(
        "cancel",
        {"machine": machine, "cancels": len(found), "seconds": figures, "workers_ended": ended},
        report,
    )
    return int(figures["p99"] > arguments.allowed_seconds)


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
