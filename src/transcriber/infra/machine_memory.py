"""How much memory this machine, or the container this process runs in, has and has left."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

KIBIBYTE = 1024


@dataclass(frozen=True, slots=True)
class MachineMemory:
    """Bytes of main memory.

    Attributes:
        total_bytes: All there is, or the tightest limit a control group sets.
        available_bytes: What a new program could have without swapping, within that limit.
    """

    total_bytes: int
    available_bytes: int


def read_machine_memory(root: Path = Path("/")) -> MachineMemory:
    """Read what the kernel says, control groups of either version included.

    Args:
        root: Where `proc` and `sys` are mounted.

    Raises:
        OSError: this is not Linux.
    """
    facts = _read_meminfo(root / "proc/meminfo")
    total, available = facts["MemTotal"], facts["MemAvailable"]
    for limit, used in _list_limits(root):
        total = min(total, limit)
        available = min(available, max(0, limit - used))
    return MachineMemory(total, available)


def read_resident_bytes(pid: int, root: Path = Path("/")) -> int:
    """Main memory that a process occupies; 0 where there is no such process."""
    try:
        pages = (root / "proc" / str(pid) / "statm").read_text().split()[1]
    except (OSError, IndexError):
        return 0
    return int(pages) * os.sysconf("SC_PAGE_SIZE")


def _read_meminfo(path: Path) -> dict[str, int]:
    lines = (line.split() for line in path.read_text().splitlines())
    return {words[0].rstrip(":"): int(words[1]) * KIBIBYTE for words in lines if len(words) > 1}


def _list_limits(root: Path) -> Iterator[tuple[int, int]]:
    """The limit and the use of each control group above this process that sets one."""
    for line in _read_text(root / "proc/self/cgroup").splitlines():
        _, controllers, path = line.split(":", 2)
        if controllers == "":
            # A hybrid machine mounts the second version's tree beside the first one's.
            for tree in ("sys/fs/cgroup", "sys/fs/cgroup/unified"):
                yield from _walk(root / tree, path, _VERSION_2)
        elif "memory" in controllers.split(","):
            yield from _walk(root / "sys/fs/cgroup/memory", path, _VERSION_1)


@dataclass(frozen=True, slots=True)
class _Names:
    limit: str
    used: str
    reclaimable: str


_VERSION_1 = _Names("memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file")
_VERSION_2 = _Names("memory.max", "memory.current", "inactive_file")


def _walk(tree: Path, path: str, names: _Names) -> Iterator[tuple[int, int]]:
    # Inside a container the path may be the host's, while the mounted tree begins at our group.
    group = tree / path.strip("/")
    if not group.is_dir():
        group = tree
    while True:
        limit, used = _read_text(group / names.limit), _read_text(group / names.used)
        # "max" is the second version's word for none; the first one writes a huge number.
        if limit.isdigit() and used.isdigit():
            yield int(limit), max(0, int(used) - _read_reclaimable(group, names))
        if group == tree:
            return
        group = group.parent


def _read_reclaimable(group: Path, names: _Names) -> int:
    # Cached file pages count as used, but the kernel drops them when memory is asked for.
    for line in _read_text(group / "memory.stat").splitlines():
        name, _, value = line.partition(" ")
        if name == names.reclaimable:
            return int(value)
    return 0


def _read_text(path: Path) -> str:
    try:
        return path.read_text().strip()
    except OSError:
        # The file of a controller that is not there: it sets no limit.
        return ""
