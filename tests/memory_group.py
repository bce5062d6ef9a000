"""A control group that bounds the memory of real processes, and a process that eats it up."""

import os
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Generator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from transcriber.infra.machine_memory import read_resident_bytes

MEBIBYTE = 1024**2
VERSION_1 = Path("/sys/fs/cgroup/memory")
VERSION_2 = Path("/sys/fs/cgroup")
EATER = """
import sys
eaten = []
for _ in sys.stdin:
    eaten.append(bytearray(b"x") * (16 << 20))
    print(len(eaten), flush=True)
"""
"""Eats 16 MiB for each line it reads."""


class MemoryGroup:
    """A memory control group of either version.

    Args:
        path: Its folder, which exists.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._is_version_1 = path.parent == VERSION_1

    def limit(self, mebibytes: int) -> None:
        """Bound what its processes may have together."""
        name = "memory.limit_in_bytes" if self._is_version_1 else "memory.max"
        (self.path / name).write_text(str(mebibytes * MEBIBYTE))

    def count_kills(self) -> int:
        """How many processes the kernel has killed for want of memory."""
        name = "memory.oom_control" if self._is_version_1 else "memory.events"
        lines = (line.split() for line in (self.path / name).read_text().splitlines())
        return next(int(count) for key, count in lines if key == "oom_kill")

    def enclose(self, command: Sequence[str]) -> list[str]:
        """The command that runs `command` and all its children inside."""
        join = 'echo $$ > "$0" && exec "$@"'
        return ["sh", "-c", join, str(self.path / "cgroup.procs"), *command]

    def eat_until_kill(self, deadline_seconds: float = 60.0) -> None:
        """Take the group's memory until the kernel kills the largest other process in it."""
        before = self.count_kills()
        pids = [int(line) for line in (self.path / "cgroup.procs").read_text().split()]
        largest = max(pids, key=read_resident_bytes)
        # As a container's runtime would choose; the kernel's own choice may be the eater.
        Path(f"/proc/{largest}/oom_score_adj").write_text("1000")
        # Held still, so that its work has not come to its end before the memory has.
        os.kill(largest, signal.SIGSTOP)
        started = time.monotonic()
        with subprocess.Popen(
            self.enclose([sys.executable, "-c", EATER]),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        ) as eater:
            try:
                assert eater.stdin is not None
                assert eater.stdout is not None
                while self.count_kills() == before:
                    assert time.monotonic() - started < deadline_seconds, "nobody was killed"
                    assert eater.poll() is None, "the eater itself was killed"
                    eater.stdin.write(b"\n")
                    eater.stdin.flush()
                    eater.stdout.readline()
            finally:
                eater.kill()
                with suppress(ProcessLookupError):
                    os.kill(largest, signal.SIGCONT)


def find_obstacle() -> str | None:
    """Why no memory group can be made here, or None."""
    if os.geteuid() != 0:
        return "memory groups are root's to make"
    if (VERSION_1 / "memory.limit_in_bytes").is_file():
        return None
    control = VERSION_2 / "cgroup.subtree_control"
    if control.is_file() and "memory" in control.read_text().split():
        return None
    return "this machine hands out no memory groups"


@contextmanager
def make_memory_group() -> Generator[MemoryGroup]:
    """A group of its own; its processes must have ended before it is left."""
    parent = VERSION_1 if (VERSION_1 / "memory.limit_in_bytes").is_file() else VERSION_2
    path = parent / f"transcriber-test-{secrets.token_hex(4)}"
    path.mkdir()
    try:
        yield MemoryGroup(path)
    finally:
        # The kernel counts a dead process for a moment longer.
        for _ in range(100):
            try:
                path.rmdir()
                break
            except OSError:
                time.sleep(0.05)
        else:
            path.rmdir()
