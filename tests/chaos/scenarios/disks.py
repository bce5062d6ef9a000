"""Disks that fail, and disks that stay full for minutes, under the whole of the service's data."""

import contextlib
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Self

from chaos.client import Submission
from chaos.faultdisk import FaultDisk, mount_small_disk
from chaos.rows import DATABASE_ERRORS
from chaos.scenarios.stage import NO_ROOM, Material, Servers, Stage, open_stage

PHASE_SECONDS = 7.0
SENT_IN_A_PHASE = 2
FULL_SECONDS = 100.0
"""Longer than the 75 seconds for which errors that count let a job live."""
DISK_BYTES = 128 * 1024**2
BALLAST_BLOCK = bytes(64 * 1024)
SETTLE_SECONDS = 600.0
EXPECTED_STATUSES = {200, 201, 404, 409, 429, 503, NO_ROOM}

Breaking = Callable[[FaultDisk], None]
BREAKINGS: dict[str, Breaking] = {
    "EIO of a quarter of the writes": lambda disk: disk.break_writes(0.25),
    "EIO of a third of the syncs": lambda disk: disk.break_syncs(0.33),
    "half of the writes fall short": lambda disk: disk.shorten_writes(0.5),
    "ENOSPC after 200 kB": lambda disk: disk.fill_after(200_000),
    "read-only": lambda disk: disk.make_read_only(),
    "EIO of a tenth of the reads": lambda disk: disk.break_reads(0.1),
}


def break_disk(material: Material, servers: Servers) -> str:
    """Let the disk fail in every way, one after the other, while recordings arrive."""
    disks: list[FaultDisk] = []

    def put_on_disk(data: Path, _ending: ExitStack) -> Mapping[str, str]:
        disks.append(FaultDisk(data, data.parents[1] / "shim"))
        return disks[0].environment

    with open_stage(material, servers, prepare=put_on_disk) as stage:
        disk = disks[0]
        told: list[str] = []
        running: list[Future[Submission]] = []
        with ThreadPoolExecutor(SENT_IN_A_PHASE) as senders:
            for number, (name, breaking) in enumerate(BREAKINGS.items()):
                before = disk.faults
                fault = stage.note(name)
                breaking(disk)
                places = range(SENT_IN_A_PHASE)
                running += [senders.submit(_send, stage, number, place) for place in places]
                time.sleep(PHASE_SECONDS)
                disk.repair()
                fault.until = time.time()
                told.append(f"{disk.faults - before} of {name}")
            for each in running:
                each.result()
        seconds = stage.settle(SETTLE_SECONDS)
        _check_answers(stage)
        stage.judge()
        return (
            f"{', '.join(told)}; {len(running)} jobs, all completed, the last {seconds:.0f} s"
            f" after the disk was well; answers {_count_answers(stage)}"
        )


def _send(stage: Stage, number: int, place: int) -> Submission:
    recordings = stage.material.recordings
    recording = recordings[(number * SENT_IN_A_PHASE + place) % len(recordings)]
    return stage.send(f"broken-{number}-{place}", recording, f"user{place}")


def fill_disk(material: Material, servers: Servers) -> str:
    """Fill the data's disk to its last byte for longer than a counted failure would live."""

    def mount(data: Path, ending: ExitStack) -> Mapping[str, str]:
        ending.enter_context(mount_small_disk(data, DISK_BYTES))
        return {}

    with open_stage(material, servers, prepare=mount) as stage:
        accepted = [
            stage.send(f"accepted-{number}", each)
            for number, each in enumerate([material.find(is_long=True)] * 2 + material.recordings)
        ]
        fault = stage.note("disk full")
        with ThreadPoolExecutor(1) as senders, Ballast(stage.stack.data_dir) as ballast:
            late = senders.submit(stage.send, "late", stage.material.find(is_long=False), "user1")
            reasons = _watch(stage, ballast)
            fault.until = time.time()
            ballast.close()
            assert late.result().acknowledged_at >= fault.until, "It was taken without room for it."
        seconds = stage.settle(SETTLE_SECONDS)
        _check_answers(stage)
        stage.judge()
        refusals = stage.client.answers.statuses
        assert refusals[NO_ROOM] + refusals[503] > 0, "Nobody was told that there is no room."
        if servers == "servers":
            assert "storage_full" in reasons, f"The jobs showed {reasons} as their reasons."
        return (
            f"full for {FULL_SECONDS:.0f} s with {len(accepted)} jobs accepted, waiting for"
            f" {', '.join(sorted(reasons)) or 'the database'}; all completed {seconds:.0f} s after"
            f" there was room; answers {_count_answers(stage)}"
        )


def _watch(stage: Stage, ballast: "Ballast") -> set[str]:
    """Keep the disk full, and gather the reasons that waiting jobs show."""
    reasons: set[str] = set()
    until = time.monotonic() + FULL_SECONDS
    while time.monotonic() < until:
        ballast.top_up()
        with contextlib.suppress(*DATABASE_ERRORS):
            rows = stage.rows.query(
                "SELECT waiting_code FROM jobs WHERE state = 'queued' AND waiting_code IS NOT NULL"
            )
            reasons |= {str(row[0]) for row in rows}
            failed = stage.rows.query("SELECT id, error_code FROM jobs WHERE state = 'failed'")
            assert not failed, f"{failed} failed for want of room."
        time.sleep(0.3)
    return reasons


def _check_answers(stage: Stage) -> None:
    unexpected = set(stage.client.answers.statuses) - EXPECTED_STATUSES
    assert not unexpected, f"The service answered {unexpected}."


def _count_answers(stage: Stage) -> str:
    statuses = sorted(stage.client.answers.statuses.items())
    return ", ".join(f"{count} of {status}" for status, count in statuses)


class Ballast:
    """A file that takes every byte its disk has left; what others give back is taken too.

    Args:
        folder: On the disk.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / "ballast"
        self._file = self._path.open("wb", buffering=0)

    def __enter__(self) -> Self:
        self.top_up()
        return self

    def __exit__(self, *_raised: object) -> None:
        self.close()

    def top_up(self) -> None:
        """Write until not a byte is left."""
        for block in (BALLAST_BLOCK, b"\0"):
            with contextlib.suppress(OSError):
                while self._file.write(block) == len(block):
                    pass

    def close(self) -> None:
        """Give all of it back."""
        self._file.close()
        self._path.unlink(missing_ok=True)
