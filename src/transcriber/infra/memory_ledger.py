"""Which worker of this machine reserved how much memory, exact among processes.

Each worker has one file that it keeps locked while it lives.  The kernel drops the lock with the
process, however that ends, so a dead worker's reservation vanishes by itself.  Whoever reserves
writes down first and measures then: of two who want the same last bytes at least one sees the
other.  That alone makes it exact; the ledger's lock only keeps both from giving way.
"""

import errno
import fcntl
import json
import os
from collections.abc import Generator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

from filelock import FileLock, Timeout

from transcriber.infra.identifiers import create_id
from transcriber.infra.machine_memory import (
    MachineMemory,
    read_machine_memory,
    read_resident_bytes,
)

TURN_SECONDS = 1.0
"""How long to wait for one's turn, which takes milliseconds unless somebody stands still in it."""


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
        self._own: _Page | None = None

    def look(self) -> Room:
        """What could be reserved now; nothing is promised.

        Raises:
            OSError: the directory cannot be used.
        """
        return self._measure([self._own])

    def reserve(self, count: int) -> Room | None:
        """Reserve `count` bytes in place of what this process had; None when it got them.

        Returns:
            What there is, where that is less than `count`; the process then has what it had.

        Raises:
            OSError: the directory cannot be written.
        """
        self._directory.mkdir(parents=True, exist_ok=True)
        with self._take_turn():
            new = _write_page(self._directory, count)
            try:
                room = self._measure([self._own, new])
            except BaseException:
                new.tear_out()
                raise
            if count > room.free_bytes:
                new.tear_out()
                return room
            self.release()
            self._own = new
            return None

    def release(self) -> None:
        """Give back what this process had."""
        page, self._own = self._own, None
        if page is not None:
            page.tear_out()

    @contextmanager
    def _take_turn(self) -> Generator[None]:
        turn = FileLock(self._directory / "ledger.lock", timeout=TURN_SECONDS)
        # A process that was stopped in its turn must not stop all the others.
        with suppress(Timeout):
            turn.acquire()
        try:
            yield
        finally:
            turn.release()

    def _measure(self, own_pages: Sequence["_Page | None"]) -> Room:
        memory = read_machine_memory(self._root)
        reserved, to_come = 0, 0
        for entry in self._list_others({page.path for page in own_pages if page is not None}):
            reserved += entry.reserved_bytes
            to_come += entry.count_to_come(self._root)
        own = read_resident_bytes(os.getpid(), self._root)
        # What another one reserved and has not filled yet is still counted as available.
        free = memory.available_bytes + own - to_come
        total = self._bound(memory)
        return Room(total, max(0, min(free, total - reserved)))

    def _bound(self, memory: MachineMemory) -> int:
        return min(memory.total_bytes, self._limit_bytes or memory.total_bytes)

    def _list_others(self, own_paths: set[Path]) -> list["_Entry"]:
        paths = [path for path in self._directory.glob("*.json") if path not in own_paths]
        return [entry for path in paths if (entry := _read_entry(path)) is not None]


@dataclass(frozen=True, slots=True)
class _Page:
    """A file that its process keeps locked; it is written once and its name is never used again."""

    path: Path
    descriptor: int

    def tear_out(self) -> None:
        self.path.unlink(missing_ok=True)
        os.close(self.descriptor)


def _write_page(directory: Path, count: int) -> _Page:
    path = directory / f"{create_id()}.json"
    # Others see it once it is whole and locked.
    draft = path.with_suffix(".draft")
    page = _Page(draft, os.open(draft, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
    try:
        fcntl.flock(page.descriptor, fcntl.LOCK_EX)
        entry = {"reserved_bytes": count, "pid": os.getpid(), "pids_of": _read_pid_namespace()}
        _write(page.descriptor, json.dumps(entry).encode())
        draft.rename(path)
    except BaseException:
        page.tear_out()
        raise
    return replace(page, path=path)


def _write(descriptor: int, content: bytes) -> None:
    if os.write(descriptor, content) < len(content):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


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
