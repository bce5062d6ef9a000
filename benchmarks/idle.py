"""Processor time of an idle service: API, embedded broker and one worker, each by itself.

Exits with status 1 where all together use more of one core than `--allowed-percent`.
"""

import argparse
import sys
import tempfile
import time
from pathlib import Path

from results_files import describe_machine, write_results
from running_service import RunningService, run_service

SETTLE_SECONDS = 20.0
"""The start is no idleness: the model is examined and the first rounds of the threads run."""


def main() -> int:
    """Measure, print, keep the figures; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--allowed-percent", type=float, default=1.0)
    arguments = parser.parse_args()
    machine = describe_machine()
    with (
        tempfile.TemporaryDirectory() as folder,
        run_service(Path(folder), {"LOG_LEVEL": "WARNING"}) as service,
    ):
        time.sleep(SETTLE_SECONDS)
        before = _read_seconds(service)
        time.sleep(arguments.seconds)
        after = _read_seconds(service)
    shares = {
        name: round(100 * (after[name] - before[name]) / arguments.seconds, 2) for name in before
    }
    total = round(sum(shares.values()), 2)
    report = "\n".join(
        [
            "# What an idle service costs",
            "",
            "| process | share of one core |",
            "|---|---|",
            *(f"| {name} | {share} % |" for name, share in shares.items()),
            f"| all together | {total} % |",
            "",
            f"Processor time over {arguments.seconds:.0f} s, nobody asking and nothing queued.",
        ]
    )
    print(report)
    write_results("idle", {"machine": machine, "percent": shares, "total": total}, report)
    return int(total > arguments.allowed_percent)


def _read_seconds(service: RunningService) -> dict[str, float]:
    """User and system seconds of each process of the tree, by what it is."""
    found: dict[str, float] = {}
    for each in [service.process, *service.process.children(recursive=True)]:
        command = " ".join(each.cmdline())
        name = "worker" if "transcriber.worker" in command else "broker"
        name = "API" if each == service.process else name
        used = each.cpu_times()
        found[name] = found.get(name, 0.0) + used.user + used.system
    return found


if __name__ == "__main__":
    sys.exit(main())
