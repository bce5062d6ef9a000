"""Memory and throughput of the API under many large uploads at once, beside a plain `dd`.

The uploads go through the chunked protocol to a real API process without workers; `dd` writes as
many files of as many bytes to the same disk, in the same chunks, each synced as the service syncs
it.  Both take turns.  The client shares the machine with the service.  Exits with status 1 where
the API's peak resident memory is above `--allowed-mb`, or an upload became no job of its own.
"""

import argparse
import shutil
import statistics
import sys
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from chunk_senders import ChunkSenders, Sent
from plain_writes import measure_plain_writes
from results_files import describe_machine, write_results
from running_service import RunningService, run_service

CHUNK_BYTES = 8 * 1024**2
MEGABYTE = 1_000_000
DISK_RESERVE_BYTES = 3 * 1024**3
ENVIRONMENT = {
    "WORKER_PROCESSES": "0",
    "LOG_LEVEL": "WARNING",
    "MAX_OPEN_UPLOADS_PER_ACCOUNT": "1000",
}


@dataclass(frozen=True, slots=True)
class Run:
    """One round of uploads.

    Attributes:
        has_digests: Whether each chunk carried its SHA-256.
        idle_mb: The API's resident memory before the first upload.
        peak_mb: Its peak from then on.
    """

    has_digests: bool
    idle_mb: float
    peak_mb: float
    sent: Sent


def main() -> int:
    """Measure, print, keep the figures; return the exit status."""
    arguments = _parse_arguments()
    machine = describe_machine()
    chunks = -(-arguments.megabytes * MEGABYTE // CHUNK_BYTES)
    total = arguments.uploads * chunks * CHUNK_BYTES
    conditions = {"off": (False,), "on": (True,), "both": (False, True)}[arguments.checksums]
    plain: list[float] = []
    runs: list[Run] = []
    with tempfile.TemporaryDirectory(dir=arguments.folder) as name:
        folder = Path(name)
        if shutil.disk_usage(folder).free < total + DISK_RESERVE_BYTES:
            raise SystemExit(f"{folder} lacks room for {total / 1e9:.0f} GB and some.")
        for _ in range(arguments.rounds):
            size = {"chunks": chunks, "chunk_bytes": CHUNK_BYTES}
            plain.append(measure_plain_writes(folder, files=arguments.uploads, **size))
            _tell(f"dd: {total / MEGABYTE / plain[-1]:.0f} MB/s")
            for has_digests in conditions:
                runs.append(_measure(folder / "data", arguments.uploads, chunks, has_digests))
                _tell(f"uploads: {total / MEGABYTE / runs[-1].sent.receive_seconds:.0f} MB/s")
    report = _write_report(arguments.uploads, total, plain, runs, machine=machine)
    print(report)
    figures = {
        "machine": machine,
        "uploads": arguments.uploads,
        "bytes_each": chunks * CHUNK_BYTES,
        "chunk_bytes": CHUNK_BYTES,
        "plain_seconds": [round(each, 1) for each in plain],
        "runs": [asdict(run) for run in runs],
    }
    write_results("uploads", figures, report)
    is_small = all(run.peak_mb <= arguments.allowed_mb for run in runs)
    return int(not is_small or any(run.sent.jobs != arguments.uploads for run in runs))


def _parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--uploads", type=int, default=32, help="at once")
    parser.add_argument(
        "--megabytes", type=int, default=1_000, help="of each, rounded up to chunks"
    )
    parser.add_argument("--checksums", choices=("off", "on", "both"), default="both")
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--allowed-mb", type=float, default=150.0)
    parser.add_argument("--folder", type=Path, default=None, help="on the disk to be measured")
    return parser.parse_args()


def _measure(folder: Path, uploads: int, chunks: int, has_digests: bool) -> Run:  # noqa: FBT001 -- read from the list of conditions
    folder.mkdir()
    try:
        with run_service(folder, ENVIRONMENT, path="/healthz") as service:
            _forget_peak(service)
            idle = _read_peak_mb(service)
            senders = ChunkSenders(
                service,
                uploads=uploads,
                chunks=chunks,
                chunk_bytes=CHUNK_BYTES,
                has_digests=has_digests,
            )
            sent = senders.run()
            return Run(has_digests, idle, _read_peak_mb(service), sent)
    finally:
        shutil.rmtree(folder)


def _forget_peak(service: RunningService) -> None:
    """Begin a new high-water mark: hashing the password at sign-in took 64 MiB for a moment."""
    Path(f"/proc/{service.process.pid}/clear_refs").write_text("5", encoding="ascii")


def _read_peak_mb(service: RunningService) -> float:
    """The kernel's own high-water mark, which no sampling misses."""
    status = Path(f"/proc/{service.process.pid}/status").read_text(encoding="ascii")
    line = next(line for line in status.splitlines() if line.startswith("VmHWM:"))
    return round(int(line.split()[1]) / 1024, 1)


def _write_report(
    uploads: int, total: int, plain: list[float], runs: list[Run], *, machine: dict[str, Any]
) -> str:
    plain_seconds = statistics.median(plain)
    rows = [
        _write_row([run for run in runs if run.has_digests == has_digests], total, plain_seconds)
        for has_digests in sorted({run.has_digests for run in runs})
    ]
    return "\n".join(
        [
            f"# {uploads} uploads of {total / uploads / MEGABYTE:.0f} MB at once",
            "",
            (
                "| Chunk checksums | API's peak memory, MB | of these before | MB/s until durable "
                "| times dd | MB/s until all were jobs |"
            ),
            "|---|---|---|---|---|---|",
            *rows,
            "",
            (
                f"`dd`, with as many files at once and each chunk of {CHUNK_BYTES // 1024**2} MiB "
                f"synced: {total / MEGABYTE / plain_seconds:.0f} MB/s. Medians of {len(plain)} "
                "rounds, memory the most of them: `VmHWM` of the API process, shared libraries "
                "included, and not what hashing a password takes at sign-in (64 MiB for a moment). "
                f"The client shares the machine, which has {machine['cores']} cores and had a load "
                f"of {machine['load_before']} before."
            ),
        ]
    )


def _write_row(runs: list[Run], total: int, plain_seconds: float) -> str:
    received = statistics.median(run.sent.receive_seconds for run in runs)
    ended = statistics.median(run.sent.receive_seconds + run.sent.verify_seconds for run in runs)
    return (
        f"| {'on' if runs[0].has_digests else 'off'} | {max(run.peak_mb for run in runs):.0f} "
        f"| {max(run.idle_mb for run in runs):.0f} | {total / MEGABYTE / received:.0f} "
        f"| {plain_seconds / received:.2f} | {total / MEGABYTE / ended:.0f} |"
    )


def _tell(text: str) -> None:
    sys.stderr.write(text + "\n")


if __name__ == "__main__":
    sys.exit(main())
