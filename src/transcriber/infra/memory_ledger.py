"""Which worker of this machine reserved how much memory, exact among processes.

Each worker has one file that it keeps locked while it lives.  The kernel drops the lock with the
process, however that ends, so a dead worker's reservation vanishes by itself.  Whoever reserves
holds the ledger's lock meanwhile: two workers never take the same last bytes.
"""

import fcntl
import json
import os
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock

from transcriber.infra.identifiers import create_id
from transcriber.infra.machine_memory import (
    MachineMemory,
    read_machine_memory,
    read_resident_bytes,
)

LOCK_TIMEOUT_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Room:
    """What a worker may take.

    Attributes:
        total_bytes: What all workers of the machine may have together.
        free_bytes: What this worker may have at present, what it holds already included.
    """

    total_bytes: int
    free_bytes: int


class MemoryLedger:
    """This process's page in the machine's ledger.

    Args:
        directory: Shared by the workers of the machine.
        limit_bytes: What they may use together; 0 for all that the machine has.
        root: Where `proc` and `sys` are mounted.
    """

    def __init__(self, directory: Path, *, limit_bytes: int = 0, root: Path = Path("/")) -> None:
        self._root = root
        self._limit_bytes = limit_bytes
        # Machines may share the directory; the boot is one kernel's, containers included.
        self._directory = directory / _read_boot(root)
        self._own = self._directory / f"{create_id()}.json"
        self._descriptor: int | None = None

    def look(self) -> Room:
        """What could be reserved now; nothing is promised.

        Raises:
            OSError: the directory cannot be written, or another process holds the ledger too long.
        """
        with self._hold():
            return self._measure()

    def reserve(self, count: int) -> Room | None:
        """Reserve `count` bytes in place of what this process had; None when it got them.

        Returns:
            What there is, where that is less than `count`; the process then has what it had.

        Raises:
            OSError: the directory cannot be written, or another process holds the ledger too long.
        """
        with self._hold():
            room = self._measure()
            if count > room.free_bytes:
                return room
            self._write(count)
            return None

    def release(self) -> None:
        """Give back what this process had."""
        if self._descriptor is None:
            return
        self._own.unlink(missing_ok=True)
        os.close(self._descriptor)
        self._descriptor = None

    @contextmanager
    def _hold(self) -> Generator[None]:
        self._directory.mkdir(parents=True, exist_ok=True)
        # Held for milliseconds; a process that was stopped in them must not stop all the others.
        with FileLock(self._directory / "ledger.lock", timeout=LOCK_TIMEOUT_SECONDS):
            yield

    def _measure(self) -> Room:
        memory = read_machine_memory(self._root)
        reserved, to_come = 0, 0
        for entry in self._list_others():
            reserved += entry.reserved_bytes
            to_come += entry.count_to_come(self._root)
        own = read_resident_bytes(os.getpid(), self._root)
        # What another one reserved and has not filled yet is still counted as available.
        free = memory.available_bytes + own - to_come
        total = self._bound(memory)
        return Room(total, max(0, min(free, total - reserved)))

    def _bound(self, memory: MachineMemory) -> int:
        return min(memory.total_bytes, self._limit_bytes or memory.total_bytes)

    def _list_others(self) -> list["_Entry"]:
        paths = [path for path in self._directory.glob("*.json") if path != self._own]
        return [entry for path in paths if (entry := _read_entry(path)) is not None]

    def _write(self, count: int) -> None:
        if self._descriptor is None:
            self._descriptor = os.open(self._own, os.O_RDWR | os.O_CREAT, 0o600)
            fcntl.flock(self._descriptor, fcntl.LOCK_EX)
        entry = {"reserved_bytes": count, "pid": os.getpid(), "pids_of": _read_pid_namespace()}
        content = json.dumps(entry).encode()
        try:
            # Over what is there, and cut afterwards: a disk that is full now leaves no half entry.
            os.pwrite(self._descriptor, content, 0)
            os.ftruncate(self._descriptor, len(content))
        except OSError:
            self.release()
            raise


@dataclass(frozen=True, slots=True)
class _Entry:
    reserved_bytes: int
    pid: int
    pids_of: str

    def count_to_come(self, root: Path) -> int:
        # Another container's process cannot be seen: all it reserved is taken to be still to come.
        if self.pids_of != _read_pid_namespace():
            return self.reserved_bytes
        return max(0, self.reserved_bytes - read_resident_bytes(self.pid, root))


def _read_entry(path: Path) -> _Entry | None:
    """A live worker's entry; a dead one's file is removed."""
    try:
        descriptor = os.open(path, os.O_RDWR)
    except FileNotFoundError:
        # Its worker gave it back meanwhile.
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        content = json.loads(os.pread(descriptor, 4096, 0))
        return _Entry(content["reserved_bytes"], content["pid"], content["pids_of"])
    else:
        path.unlink(missing_ok=True)
        return None
    finally:
        os.close(descriptor)


def _read_boot(root: Path) -> str:
    return (root / "proc/sys/kernel/random/boot_id").read_text().strip()


def _read_pid_namespace() -> str:
    return os.readlink("/proc/self/ns/pid")  # noqa: PTH115 -- the link's text is the answer
