"""The local storage in a process whose disk fails, or whose machine loses its power."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from chaos.faultdisk import FaultDisk

STORE_THREE = """
for number in range(3):
    writer = storage.create(f"recordings/{number:032x}")
    writer.write(bytes([number]) * 100_000)
    writer.commit()
storage.create(f"recordings/{9:032x}").write(b"never finished")
"""
FAIL_MIDWAY = """
writer = storage.create(f"recordings/{1:032x}")
writer.write(b"first")
disk.make_read_only()
try:
    writer.write(b"second")
except ServiceError as error:
    print(error.code)
"""
FAIL_SYNC = """
writer = storage.create(f"recordings/{4:032x}")
writer.write(b"some bytes")
disk.break_syncs(1.0)
try:
    writer.commit()
except ServiceError as error:
    print(error.code)
"""
PREAMBLE = """
import os
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[2])
from chaos.faultdisk import Faults
from transcriber.infra.errors import ServiceError
from transcriber.infra.storage.local import LocalStorage
storage = LocalStorage(Path(sys.argv[1]) / "objects", low_water_bytes=0)
disk = Faults(Path(os.environ["FAULTDISK_CONTROL"]))
"""


@pytest.fixture(name="disk")
def open_disk(tmp_path: Path) -> FaultDisk:
    (tmp_path / "data").mkdir()
    return FaultDisk(tmp_path / "data", tmp_path / "shim")


def test_a_power_cut_leaves_every_committed_object_of_a_new_store_whole(disk: FaultDisk) -> None:
    run(disk, STORE_THREE)
    loss = disk.cut_power()
    kept = {
        path.name: path
        for path in (disk.tree / "objects" / "recordings").rglob("0*")
        if path.is_file()
    }
    assert sorted(kept) == [f"{number:032x}" for number in range(3)]
    for number in range(3):
        assert kept[f"{number:032x}"].read_bytes() == bytes([number]) * 100_000
    assert loss.vanished == 1


def test_a_disk_that_turns_read_only_is_told_as_one_that_cannot_be_used(disk: FaultDisk) -> None:
    assert run(disk, FAIL_MIDWAY) == "storage_unavailable"


def test_a_failed_sync_keeps_the_object_from_appearing(disk: FaultDisk) -> None:
    run(disk, STORE_THREE)
    assert run(disk, FAIL_SYNC) == "storage_unavailable"
    assert not list((disk.tree / "objects").rglob(f"{4:032x}"))


def run(disk: FaultDisk, script: str) -> str:
    tests = str(Path(__file__).resolve().parents[2])
    arguments = [str(disk.tree), tests]
    done = subprocess.run(
        [sys.executable, "-c", PREAMBLE + script, *arguments],
        env={**os.environ, **disk.environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()[-1] if done.stdout else ""
