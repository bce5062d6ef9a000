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
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
sys.path.insert(0, sys.argv[2])
from chaos.faultdisk import Faults
from transcriber.infra.database import Database
from transcriber.infra.errors import ServiceError
from transcriber.infra.storage.local import LocalStorage
storage = LocalStorage(Path(sys.argv[1]) / "objects", low_water_bytes=0)
disk = Faults(Path(os.environ["FAULTDISK_CONTROL"]))
"""

READ_ROWS = """
database = Database(f"sqlite:///{sys.argv[1]}/rows.sqlite3")
with database.unit_of_work() as uow:
    uow.session.execute(text("CREATE TABLE rows (content TEXT)"))
    uow.session.execute(text("INSERT INTO rows VALUES (:c)"), [{"c": "x" * 9000}] * 20)
database.empty_log()
database.dispose()
try:
    with database.snapshot() as session:
        session.execute(text("SELECT rowid FROM rows LIMIT 1")).scalar_one()
        disk.break_reads(1.0)
        session.execute(text("SELECT max(content || rowid) FROM rows")).scalar_one()
except OperationalError as error:
    print(type(error.orig).__name__)
disk.repair()
with database.snapshot() as session:
    print(session.execute(text("SELECT sum(length(content)) FROM rows")).scalar_one())
"""
EMPTY_LOG = """
database = Database(f"sqlite:///{sys.argv[1]}/rows.sqlite3")
with database.unit_of_work() as uow:
    uow.session.execute(text("CREATE TABLE rows (content TEXT)"))
disk.break_syncs(1.0)
try:
    database.empty_log()
except OperationalError as error:
    print(error.orig)
disk.repair()
with database.unit_of_work() as uow:
    print(uow.session.execute(text("PRAGMA busy_timeout")).scalar_one())
print(database.empty_log())
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
    assert run(disk, FAIL_MIDWAY)[-1] == "storage_unavailable"


def test_a_failed_sync_keeps_the_object_from_appearing(disk: FaultDisk) -> None:
    run(disk, STORE_THREE)
    assert run(disk, FAIL_SYNC) == ["storage_unavailable"]
    assert not list((disk.tree / "objects").rglob(f"{4:032x}"))


def test_a_page_that_cannot_be_read_is_a_database_that_is_away(disk: FaultDisk) -> None:
    # SQLite itself calls it a damaged one.
    assert run(disk, READ_ROWS) == ["DatabaseError", str(20 * 9000)]


def test_a_log_that_cannot_be_emptied_leaves_a_connection_that_waits(disk: FaultDisk) -> None:
    assert run(disk, EMPTY_LOG) == ["disk I/O error", "5000", "True"]


def run(disk: FaultDisk, script: str) -> list[str]:
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
    return done.stdout.splitlines()
