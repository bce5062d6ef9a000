"""Latency of the API while every core transcribes, beside the same requests on an idle service.

Requests start at fixed times, whatever became of the earlier ones, and their latency counts from
when they should have started: a slow service cannot hide by slowing its client down.  The client
shares the machine with the service.  Exits with status 1 where the p99 while transcribing is above
`--allowed-ms`, that of `/healthz` above `--allowed-probe-ms`, a request failed, or the workers used
less than 80 % of the cores: the API and the client take the rest.
"""

import argparse
import asyncio
import itertools
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import numpy as np
from numpy.typing import NDArray

from audio import decode, write_recording
from clips import Clip, find_clips_dir, read_clips
from measured_service import ALONE, DISTURBED, DISTURBED_NOTE, run_measured_service
from results_files import describe_machine, write_results
from running_service import RunningService

BUSY_SHARE = 0.8
LIBRARY_JOBS = 100
PROBE, PROBES_PER_SECOND = "/healthz", 2.0
Latencies = dict[str, list[float]]


def main() -> int:
    """Measure, print, keep the figures; return the exit status."""
    arguments = _parse_arguments()
    machine = describe_machine()
    cores = os.cpu_count() or 1
    clips = [clip for clip in read_clips(find_clips_dir(arguments.clips)) if clip.text]
    environment = {"THREADS": "1", "LOG_LEVEL": "WARNING", "MAX_RUNNING_PER_ACCOUNT": str(cores)}
    condition = DISTURBED if arguments.disturbed else ALONE
    if arguments.database_url:
        environment["DATABASE_URL"] = arguments.database_url
    if arguments.broker_url:
        environment["BROKER_URL"] = arguments.broker_url
    with tempfile.TemporaryDirectory() as folder:
        long = Path(folder) / "long.wav"
        write_recording(long, _repeat(clips, arguments.recording_minutes * 60))
        with run_measured_service(
            Path(folder) / "data", long, condition, workers=cores, environment=environment
        ) as (service, _):
            job_id = _fill_library(service, min(clips, key=lambda clip: clip.duration))
            idle, idle_cores = _run(service, job_id, arguments)
            _submit(service, long)
            _wait_until_transcribing(service)
            busy, busy_cores = _run(service, job_id, arguments)
    report = _write_report(arguments, {"idle": idle, "transcribing": busy}, busy_cores, cores)
    print(report)
    figures = {
        "machine": machine,
        "database": "PostgreSQL" if arguments.database_url else "SQLite",
        "requests_per_second": arguments.rate,
        "seconds": arguments.seconds,
        "worker_cores": {"idle": round(idle_cores, 2), "transcribing": round(busy_cores, 2)},
        "idle_ms": _summarise(idle),
        "transcribing_ms": _summarise(busy),
        "allowed_ms": {"all": arguments.allowed_ms, PROBE: arguments.allowed_probe_ms},
    }
    write_results("load-disturbed" if arguments.disturbed else "load", figures, report)
    found = _summarise(busy)
    is_slow = found["all"]["p99"] > arguments.allowed_ms
    is_probe_slow = found[PROBE]["p99"] > arguments.allowed_probe_ms
    return int(is_slow or is_probe_slow or busy_cores < BUSY_SHARE * cores)


def _parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clips", help="folder with manifest.json; else CLIPS_DIR")
    parser.add_argument("--rate", type=float, default=20.0, help="requests started per second")
    parser.add_argument("--seconds", type=float, default=60.0, help="of each measurement")
    parser.add_argument("--recording-minutes", type=float, default=40.0)
    parser.add_argument("--allowed-ms", type=float, default=150.0)
    parser.add_argument("--allowed-probe-ms", type=float, default=50.0, help="of /healthz")
    parser.add_argument("--disturbed", action="store_true", help="while others misbehave")
    parser.add_argument("--database-url", help="SQLite without")
    parser.add_argument("--broker-url", help="the embedded broker without")
    return parser.parse_args()


def _repeat(clips: list[Clip], seconds: float) -> Iterator[NDArray[np.float32]]:
    given = 0.0
    for clip in itertools.cycle(clips):
        if given >= seconds:
            return
        given += clip.duration
        yield decode(clip.path)


def _fill_library(service: RunningService, clip: Clip) -> str:
    """Let an account have a page and more of jobs, one of them done; return that one's id."""
    job_id = _submit(service, clip.path)
    while _read_job(service, job_id)["state"] not in {"completed", "failed"}:
        time.sleep(0.2)
    for _ in range(LIBRARY_JOBS):
        other = _submit(service, clip.path)
        httpx.post(
            f"{service.address}/jobs/{other}/cancel", headers=service.headers, timeout=30
        ).raise_for_status()
    return job_id


def _submit(service: RunningService, path: Path) -> str:
    with path.open("rb") as body:
        answer = httpx.post(
            f"{service.address}/jobs/",
            headers=service.headers,
            files={"file": (path.name, body)},
            data={"language": "en"},
            timeout=120,
        )
    answer.raise_for_status()
    job_id: str = answer.json()["id"]
    return job_id


def _read_job(service: RunningService, job_id: str) -> dict[str, Any]:
    answer = httpx.get(f"{service.address}/jobs/{job_id}", headers=service.headers, timeout=30)
    answer.raise_for_status()
    found: dict[str, Any] = answer.json()
    return found


def _wait_until_transcribing(service: RunningService) -> None:
    while True:
        answer = httpx.get(
            f"{service.address}/jobs/",
            params={"state": "running"},
            headers=service.headers,
            timeout=30,
        )
        if any(job["phase"] == "transcribing" for job in answer.json()["items"]):
            # By now the second worker has its model too.
            time.sleep(5.0)
            return
        time.sleep(0.5)


def _run(
    service: RunningService, job_id: str, arguments: argparse.Namespace
) -> tuple[Latencies, float]:
    """Send the requests; return seconds by request, and the cores that the workers used."""
    before, began = service.read_worker_seconds(), time.monotonic()
    found = asyncio.run(_send_all(service, job_id, arguments))
    used = service.read_worker_seconds() - before
    return found, used / (time.monotonic() - began)


async def _send_all(
    service: RunningService, job_id: str, arguments: argparse.Namespace
) -> Latencies:
    requests = _mix(job_id)
    latencies: Latencies = {}
    limits = httpx.Limits(max_connections=100)
    async with (
        httpx.AsyncClient(
            base_url=service.address, headers=service.headers, timeout=30, limits=limits
        ) as client,
        asyncio.TaskGroup() as group,
    ):
        began = time.monotonic()
        group.create_task(_probe(client, began, arguments.seconds, latencies))
        for number in range(int(arguments.rate * arguments.seconds)):
            due = began + number / arguments.rate
            await asyncio.sleep(max(0.0, due - time.monotonic()))
            group.create_task(_send(client, next(requests), due, latencies))
    return latencies


async def _probe(
    client: httpx.AsyncClient, began: float, seconds: float, latencies: Latencies
) -> None:
    """Ask whether the process lives, as a supervisor does all the while."""
    for number in range(int(PROBES_PER_SECOND * seconds)):
        due = began + number / PROBES_PER_SECOND
        await asyncio.sleep(max(0.0, due - time.monotonic()))
        await _send(client, PROBE, due, latencies)


async def _send(client: httpx.AsyncClient, path: str, due: float, latencies: Latencies) -> None:
    answer = await client.get(path)
    answer.raise_for_status()
    latencies.setdefault(path.replace("?limit=50", ""), []).append(time.monotonic() - due)


def _mix(job_id: str) -> Iterator[str]:
    """What a browser that shows a library asks for: mostly single jobs, then lists."""
    job, transcript = f"/jobs/{job_id}", f"/transcripts/{job_id}"
    return itertools.cycle([job, "/jobs/?limit=50", job, "/transcripts/", job, transcript, job])


def _quantile(values: list[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def _summarise(latencies: Latencies) -> dict[str, dict[str, float]]:
    rows = {_name(path): values for path, values in latencies.items()}
    # What a supervisor asks is nobody's page.
    rows["all"] = list(itertools.chain(*(rows[name] for name in rows if name != PROBE)))
    return {
        name: {
            "p50": round(statistics.median(values) * 1000, 1),
            "p95": round(_quantile(values, 0.95) * 1000, 1),
            "p99": round(_quantile(values, 0.99) * 1000, 1),
            "most": round(max(values) * 1000, 1),
        }
        for name, values in sorted(rows.items())
    }


def _name(path: str) -> str:
    if path == PROBE:
        return path
    parts = path.split("/")
    return f"/{parts[1]}/{{id}}" if parts[2] else f"/{parts[1]}/"


def _write_report(
    arguments: argparse.Namespace, found: dict[str, Latencies], busy_cores: float, cores: int
) -> str:
    lines = [
        "# Latency of the API while every core transcribes",
        "",
        (
            f"{arguments.rate:g} requests and {PROBES_PER_SECOND:g} probes of the process a second "
            f"for {arguments.seconds:g} s, on an idle service "
            f"and while its workers used {busy_cores:.2f} of {cores} cores, which the client "
            "shares. Milliseconds from when a request was due."
        ),
        "",
        "| Request | idle p50 | idle p99 | transcribing p50 | p95 | p99 | most |",
        "|---|---|---|---|---|---|---|",
    ]
    idle, busy = (_summarise(found[name]) for name in ("idle", "transcribing"))
    for name, row in busy.items():
        lines.append(
            f"| {name} | {idle[name]['p50']} | {idle[name]['p99']} | {row['p50']} | {row['p95']} "
            f"| {row['p99']} | {row['most']} |"
        )
    ratio = busy["all"]["p50"] / idle["all"]["p50"]
    lines += ["", f"The median is {ratio:.2f} times the idle one."]
    if arguments.disturbed:
        lines.append(DISTURBED_NOTE)
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
