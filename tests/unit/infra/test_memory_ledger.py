import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from filelock import FileLock

from file_limits import limit_file_size
from transcriber.infra.memory_ledger import MemoryLedger

GIB = 1 << 30
HOLDER = """
import sys
from pathlib import Path
from transcriber.infra.memory_ledger import MemoryLedger
ledger = MemoryLedger(Path(sys.argv[1]), limit_bytes=10 << 30, root=Path(sys.argv[2]))
print(ledger.reserve(int(sys.argv[3])), flush=True)
sys.stdin.read()
"""


def build_root(tmp_path: Path, available_gib: float = 10) -> Path:
    """A machine with a whole lot of memory; every process on it occupies none."""
    kib = int(available_gib * GIB / 1024)
    for name, text in {
        "proc/meminfo": f"MemTotal: {kib} kB\nMemAvailable: {kib} kB\n",
        "proc/sys/kernel/random/boot_id": "boot\n",
    }.items():
        path = tmp_path / "root" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path / "root"


def test_what_one_reserved_another_cannot_have(tmp_path: Path) -> None:
    root = build_root(tmp_path)
    first, second = (MemoryLedger(tmp_path, root=root) for _ in range(2))
    assert first.reserve(6 * GIB) is None
    room = second.reserve(6 * GIB)
    assert room is not None
    assert (room.total_bytes, room.free_bytes) == (10 * GIB, 4 * GIB)
    assert second.reserve(4 * GIB) is None
    first.release()
    assert second.reserve(10 * GIB) is None
    second.release()


def test_a_full_disk_leaves_no_half_entry(tmp_path: Path) -> None:
    root = build_root(tmp_path)
    first, second = (MemoryLedger(tmp_path, root=root) for _ in range(2))
    with limit_file_size(0), pytest.raises(OSError, match="too large"):
        first.reserve(6 * GIB)
    assert second.look().free_bytes == 10 * GIB
    assert first.reserve(6 * GIB) is None
    assert second.look().free_bytes == 4 * GIB
    first.release()


def test_the_operator_s_limit_holds(tmp_path: Path) -> None:
    ledger = MemoryLedger(tmp_path, limit_bytes=2 * GIB, root=build_root(tmp_path))
    room = ledger.reserve(3 * GIB)
    assert room is not None
    assert (room.total_bytes, room.free_bytes) == (2 * GIB, 2 * GIB)


def test_many_at_the_same_moment_never_take_more_than_there_is(tmp_path: Path) -> None:
    root = build_root(tmp_path)
    ledgers = [MemoryLedger(tmp_path, root=root) for _ in range(12)]
    with ThreadPoolExecutor(12) as pool:
        refused = list(pool.map(lambda ledger: ledger.reserve(4 * GIB), ledgers))
    assert refused.count(None) == 2
    for ledger in ledgers:
        ledger.release()


def test_a_worker_that_stands_still_in_its_turn_stops_nobody(tmp_path: Path) -> None:
    root = build_root(tmp_path)
    first, second = (MemoryLedger(tmp_path, root=root) for _ in range(2))
    assert first.reserve(6 * GIB) is None
    with FileLock(tmp_path / "boot" / "ledger.lock"):
        assert second.look().free_bytes == 4 * GIB
        assert second.reserve(5 * GIB) is not None
        assert second.reserve(4 * GIB) is None
    for ledger in (first, second):
        ledger.release()


def test_without_turns_nobody_takes_what_another_has(tmp_path: Path) -> None:
    root = build_root(tmp_path)
    ledgers = [MemoryLedger(tmp_path, root=root) for _ in range(12)]
    with FileLock(tmp_path / "boot" / "ledger.lock"), ThreadPoolExecutor(12) as pool:
        refused = list(pool.map(lambda ledger: ledger.reserve(4 * GIB), ledgers))
    assert refused.count(None) <= 2
    for ledger in ledgers:
        ledger.release()


def test_a_killed_worker_s_reservation_vanishes(tmp_path: Path) -> None:
    root = build_root(tmp_path)
    command = [sys.executable, "-c", HOLDER, str(tmp_path), str(root), str(8 * GIB)]
    holder = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    with holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "None\n"
        mine = MemoryLedger(tmp_path, root=root)
        assert mine.reserve(4 * GIB) is not None
        holder.kill()
        holder.wait()
        assert mine.reserve(4 * GIB) is None
    mine.release()
