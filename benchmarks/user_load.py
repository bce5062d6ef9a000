"""Users who upload a recording, submit it and ask for its state, while every core transcribes.

The scenario of `perf/k6/upload-submit-poll.js`, in a tool that needs nothing but this repository.
`--capture` keeps the figures as the baseline; `--check` compares with it and exits with status 1
where a figure is worse than the tolerances allow, or a recording came to nothing.  Figures of
another machine are not compared.
"""

import argparse
import asyncio
import json
import os
import statistics
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from clips import find_clips_dir, read_clips
from results_files import RESULTS, describe_machine, write_results
from running_service import run_service
from virtual_users import STEPS, Load, Observed, run_users

NAME = "user-load"
BASELINE = RESULTS / f"{NAME}.json"
LONGEST_CLIP_SECONDS = 15.0
TOLERANCES = {"factor": 1.5, "milliseconds": 25.0, "throughput_share": 0.75}
"""A latency may be so many times the baseline's and so much more; throughput, that share of it."""
COMPARED = ("p50", "p95")
"""The p99 of a minute is a handful of requests: it is shown, and not held to anything."""
SAME_MACHINE = ("processor", "cores")


def main() -> int:
    """Measure, print, compare or keep; return the exit status."""
    arguments = _parse_arguments()
    baseline = _read_baseline()
    if arguments.check and baseline is None:
        print("There is no baseline to compare with yet: `make perf-baseline` captures one.")
        return 0
    figures = _measure(arguments)
    report = _write_report(figures)
    print(report)
    if arguments.capture:
        write_results(NAME, figures, report)
    worse = list(_compare(figures, baseline)) if arguments.check and baseline else []
    for line in worse:
        print(line)
    return int(bool(worse or figures["failures"]))


def _parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clips", help="folder with manifest.json; else CLIPS_DIR")
    parser.add_argument("--users", type=int, default=8)
    parser.add_argument("--seconds", type=float, default=90.0)
    parser.add_argument("--poll-seconds", type=float, default=1.0)
    purpose = parser.add_mutually_exclusive_group()
    purpose.add_argument("--capture", action="store_true", help="keep the figures as the baseline")
    purpose.add_argument("--check", action="store_true", help="compare with the baseline")
    return parser.parse_args()


def _read_baseline() -> dict[str, Any] | None:
    if not BASELINE.is_file():
        return None
    found: dict[str, Any] = json.loads(BASELINE.read_text(encoding="utf-8"))
    return found


def _measure(arguments: argparse.Namespace) -> dict[str, Any]:
    machine = describe_machine()
    cores = os.cpu_count() or 1
    clips = [
        clip.path
        for clip in read_clips(find_clips_dir(arguments.clips))
        if clip.text and clip.language == "en" and clip.duration <= LONGEST_CLIP_SECONDS
    ]
    environment = {
        "THREADS": "1",
        "WORKER_PROCESSES": str(cores),
        "MAX_RUNNING_PER_ACCOUNT": str(cores),
        "LOG_LEVEL": "WARNING",
    }
    load = Load(arguments.users, arguments.seconds, arguments.poll_seconds)
    with (
        tempfile.TemporaryDirectory() as folder,
        run_service(Path(folder), environment) as service,
    ):
        # Each worker loads its model before anything counts.
        warming = Load(cores, 1.0, load.poll_seconds)
        asyncio.run(run_users(service.address, service.headers, clips, warming))
        observed = asyncio.run(run_users(service.address, service.headers, clips, load))
    return {
        "machine": machine,
        "load": {"users": load.users, "seconds": load.seconds, "poll_seconds": load.poll_seconds},
        "tolerances": TOLERANCES,
        "steps_ms": {
            step: _summarise(observed.seconds[step], 1000)
            for step in STEPS
            if observed.seconds[step]
        },
        "transcript_seconds": _summarise(observed.waits, 1) if observed.waits else {},
        "transcripts_per_minute": _count_per_minute(observed, load),
        "failures": observed.failures[:10],
    }


def _count_per_minute(observed: Observed, load: Load) -> float:
    # Those that were begun in time are waited for, which takes about as long as one of them.
    longest = max(observed.waits, default=0.0)
    return round(60 * len(observed.waits) / (load.seconds + longest), 1)


def _summarise(values: list[float], scale: float) -> dict[str, float]:
    ordered = sorted(values)

    def find(share: float) -> float:
        return round(ordered[min(len(ordered) - 1, int(len(ordered) * share))] * scale, 1)

    middle = round(statistics.median(ordered) * scale, 1)
    return {"count": len(ordered), "p50": middle, "p95": find(0.95), "p99": find(0.99)}


def _compare(found: Mapping[str, Any], baseline: Mapping[str, Any]) -> Iterator[str]:
    """One sentence for each figure that is worse than the baseline's tolerances allow."""
    if any(found["machine"][name] != baseline["machine"][name] for name in SAME_MACHINE):
        print("The baseline is another machine's, and is not compared with.")
        return
    if found["load"] != baseline["load"]:
        print("The baseline is of another load, and is not compared with.")
        return
    allowed = baseline["tolerances"]
    for step, before in baseline["steps_ms"].items():
        now = found["steps_ms"].get(step, {})
        for share in COMPARED:
            most = before[share] * allowed["factor"] + allowed["milliseconds"]
            if now.get(share, float("inf")) > most:
                yield f"{step}: {share} is {now.get(share)} ms, and may be {most:.1f} ms."
    least = baseline["transcripts_per_minute"] * allowed["throughput_share"]
    if found["transcripts_per_minute"] < least:
        yield f"{found['transcripts_per_minute']} transcripts a minute: fewer than {least:.1f}."


def _write_report(figures: Mapping[str, Any]) -> str:
    load = figures["load"]
    lines = [
        "# Uploading, submitting and polling while every core transcribes",
        "",
        (
            f"{load['users']} users for {load['seconds']:g} s on {figures['machine']['cores']} "
            f"cores, each with one recording at a time, asking for its state every "
            f"{load['poll_seconds']:g} s. The client shares the machine. Milliseconds."
        ),
        "",
        "| Request | count | p50 | p95 | p99 |",
        "|---|---|---|---|---|",
    ]
    for step, row in figures["steps_ms"].items():
        lines.append(f"| {step} | {row['count']} | {row['p50']} | {row['p95']} | {row['p99']} |")
    waits = figures["transcript_seconds"]
    if waits:
        lines += [
            "",
            (
                f"{figures['transcripts_per_minute']} transcripts a minute; from the last byte "
                f"sent to the transcript {waits['p50']} s in the median, {waits['p95']} s at p95."
            ),
        ]
    lines += [f"- {failure}" for failure in figures["failures"]]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
