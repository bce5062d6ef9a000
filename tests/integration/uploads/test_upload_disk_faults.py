"""Chunks on a disk that fails: nothing acknowledged is lost, nothing refused is counted."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from chaos.faultdisk import FaultDisk

PREAMBLE = """
import os
import sys
from contextlib import closing
from pathlib import Path
sys.path.insert(0, sys.argv[2])
from chaos.faultdisk import Faults
from transcriber.infra.errors import ServiceError
from transcriber.infra.storage import Assembly, Part
from transcriber.infra.storage.local import LocalStorage
storage = LocalStorage(Path(sys.argv[1]) / "objects", low_water_bytes=0)
disk = Faults(Path(os.environ["FAULTDISK_CONTROL"]))
SIZE = 300_000
def assembly(file=0):
    return Assembly(key="recordings/" + "b" * 32, handle="a" * 32, file=file, size_bytes=SIZE)
def write(number, file=0, before_commit=lambda: None):
    start, data = number * 100_000, bytes([number + 1]) * 100_000
    with closing(storage.parts.open(assembly(file), number, start, len(data))) as writer:
        writer.write(data)
        before_commit()
        receipt = writer.commit()
    return Part(number=number, start=start, size_bytes=len(data), file=file, receipt=receipt)
def attempt(work):
    try:
        work()
    except ServiceError as error:
        print(type(error).__name__, error.status, error.code)
    else:
        print("fine")
"""
COMMIT_TWO = """
write(0)
write(2)
storage.parts.open(assembly(), 1, 100_000, 100_000).write(b"never committed")
"""
FAIL_SYNC = """
parts = [write(0)]
attempt(lambda: write(1, before_commit=lambda: disk.break_syncs(1.0)))
disk.repair()
parts += [write(1, file=1), write(2, file=1)]
storage.parts.assemble(assembly(1), parts, lambda: None)
storage.parts.publish(assembly(1))
storage.parts.discard(assembly(1))
"""
FAIL_PUBLISHING = """
parts = [write(number) for number in range(3)]
disk.break_syncs(1.0)
attempt(lambda: storage.parts.publish(assembly()))
disk.repair()
print([each.key for each in storage.find_objects()])
"""
FILL = """
disk.fill_after(50_000)
attempt(lambda: write(0))
disk.repair()
attempt(lambda: write(0))
"""
SHORTEN = """
disk.shorten_writes(0.5)
for number in range(3):
    attempt(lambda: write(number))
"""


@pytest.fixture(name="disk")
def open_disk(tmp_path: Path) -> FaultDisk:
    (tmp_path / "data").mkdir()
    return FaultDisk(tmp_path / "data", tmp_path / "shim")


def build_whole() -> bytes:
    return b"".join(bytes([number + 1]) * 100_000 for number in range(3))


def test_a_power_cut_leaves_every_committed_chunk(disk: FaultDisk) -> None:
    run(disk, COMMIT_TWO)
    disk.cut_power()
    kept = (disk.tree / "objects" / "parts" / "bb" / ("b" * 32) / ("a" * 32 + ".0")).read_bytes()
    whole = build_whole()
    assert kept[:100_000] == whole[:100_000]
    assert kept[200_000:] == whole[200_000:]


def test_a_failed_sync_gives_the_file_up_and_keeps_what_was_confirmed(disk: FaultDisk) -> None:
    assert run(disk, FAIL_SYNC) == ["SyncFailedError 503 storage_unavailable"]
    disk.cut_power()
    objects = [path for path in (disk.tree / "objects").rglob("*") if path.is_file()]
    assert [path.name for path in objects] == ["b" * 32]
    assert objects[0].read_bytes() == build_whole()


def test_a_file_that_cannot_be_synced_is_not_published(disk: FaultDisk) -> None:
    answers = run(disk, FAIL_PUBLISHING)
    assert answers == ["SyncFailedError 503 storage_unavailable", f"['parts/{'b' * 32}']"]


def test_a_disk_that_fills_up_refuses_the_chunk_and_takes_it_later(disk: FaultDisk) -> None:
    assert run(disk, FILL) == ["StorageFullError 507 storage_full", "fine"]


def test_short_writes_are_gone_on_with(disk: FaultDisk) -> None:
    assert run(disk, SHORTEN) == ["fine"] * 3
    path = disk.tree / "objects" / "parts" / "bb" / ("b" * 32) / ("a" * 32 + ".0")
    assert path.read_bytes() == build_whole()


def run(disk: FaultDisk, script: str) -> list[str]:
    tests = str(Path(__file__).resolve().parents[2])
    done = subprocess.run(
        [sys.executable, "-c", PREAMBLE + script, str(disk.tree), tests],
        env={**os.environ, **disk.environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()
