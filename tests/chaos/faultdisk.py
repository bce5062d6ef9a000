"""A failing disk under one folder: faults that are switched while processes run, and power cuts.

`faultdisk.c` is compiled once and preloaded into the processes; this is the other end.
"""

import mmap
import os
import shutil
import struct
import subprocess
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar

SOURCE = Path(__file__).with_name("faultdisk.c")
MILLION = 1_000_000


class Faults:
    """The control page that every process on the disk reads; changes take effect at once.

    Args:
        control: Its file, which exists.
    """

    # struct control in faultdisk.c
    _FIELDS: ClassVar[dict[str, tuple[int, str]]] = {
        "write_eio": (0, "I"),
        "fsync_eio": (4, "I"),
        "read_eio": (8, "I"),
        "short_write": (12, "I"),
        "read_only": (16, "I"),
        "is_limited": (20, "I"),
        "bytes_left": (24, "q"),
        "faults": (32, "Q"),
        "writes": (40, "Q"),
        "syncs": (48, "Q"),
    }
    SIZE = 56

    def __init__(self, control: Path) -> None:
        with control.open("r+b") as file:
            self._page = mmap.mmap(file.fileno(), self.SIZE)

    @property
    def faults(self) -> int:
        """How many calls were made to fail or to fall short so far."""
        return self._read("faults")

    @property
    def writes(self) -> int:
        """How many writes passed through the shim."""
        return self._read("writes")

    @property
    def syncs(self) -> int:
        """How many fsyncs passed through the shim."""
        return self._read("syncs")

    def break_writes(self, probability: float) -> None:
        """Answer EIO to this share of writes."""
        self._write("write_eio", round(probability * MILLION))

    def break_syncs(self, probability: float) -> None:
        """Answer EIO to this share of fsyncs."""
        self._write("fsync_eio", round(probability * MILLION))

    def break_reads(self, probability: float) -> None:
        """Answer EIO to this share of reads."""
        self._write("read_eio", round(probability * MILLION))

    def shorten_writes(self, probability: float) -> None:
        """Take only half of this share of writes."""
        self._write("short_write", round(probability * MILLION))

    def fill_after(self, byte_count: int) -> None:
        """Answer ENOSPC once so many further bytes were written."""
        self._write("bytes_left", byte_count)
        self._write("is_limited", 1)

    def make_read_only(self) -> None:
        """Answer EROFS to every change, as a kernel does after an error of the disk."""
        self._write("read_only", 1)

    def repair(self) -> None:
        """No further fault."""
        for name in ("write_eio", "fsync_eio", "read_eio", "short_write", "read_only"):
            self._write(name, 0)
        self._write("is_limited", 0)

    def _read(self, name: str) -> int:
        offset, form = self._FIELDS[name]
        return int(struct.unpack_from(f"<{form}", self._page, offset)[0])

    def _write(self, name: str, value: int) -> None:
        offset, form = self._FIELDS[name]
        struct.pack_into(f"<{form}", self._page, offset, value)


class FaultDisk(Faults):
    """A folder on a failing disk.

    Args:
        tree: The folder; resolved.
        home: A folder elsewhere for the library, the control page and the journal.
    """

    def __init__(self, tree: Path, home: Path) -> None:
        self.tree = tree.resolve()
        home.mkdir(parents=True, exist_ok=True)
        self._library = home / "faultdisk.so"
        self._control = home / "faultdisk.control"
        self._journal = home / "faultdisk.journal"
        compile_shim(self._library)
        self._control.write_bytes(bytes(self.SIZE))
        super().__init__(self._control)
        self.start_journal()

    @property
    def environment(self) -> dict[str, str]:
        """The variables that put a process on this disk."""
        return {
            "LD_PRELOAD": str(self._library),
            "FAULTDISK_PREFIX": str(self.tree),
            "FAULTDISK_CONTROL": str(self._control),
            "FAULTDISK_JOURNAL": str(self._journal),
        }

    def start_journal(self) -> None:
        """Take what is there now as durable."""
        self._before = Tree.scan(self.tree)
        self._journal.write_bytes(b"")

    def cut_power(self) -> "Loss":
        """Leave on the disk what was made durable, and nothing else; no process may be running.

        Returns:
            What was lost.
        """
        lines = self._journal.read_text(errors="surrogateescape").splitlines()
        durable = replay(self._before, self.tree, lines)
        loss = apply_cut(self.tree, durable)
        self.start_journal()
        return loss


@dataclass(slots=True)
class Tree:
    """Names and synced sizes: what is on the platter, as far as was promised.

    Attributes:
        folders: Paths of folders whose entry is durable.
        names: Path of each file to its inode.
        sizes: Bytes of each inode that are durable.
    """

    folders: set[str] = field(default_factory=set[str])
    names: dict[str, int] = field(default_factory=dict[str, int])
    sizes: dict[int, int] = field(default_factory=dict[int, int])

    @classmethod
    def scan(cls, root: Path) -> "Tree":
        """What is there now."""
        tree = cls()
        if not root.is_dir():
            return tree
        tree.folders.add(str(root))
        for path in root.rglob("*"):
            state = path.lstat()
            if path.is_dir():
                tree.folders.add(str(path))
            else:
                tree.names[str(path)] = state.st_ino
                tree.sizes[state.st_ino] = state.st_size
        return tree

    def copy(self) -> "Tree":
        """An independent one."""
        return Tree(set(self.folders), dict(self.names), dict(self.sizes))


@dataclass(frozen=True, slots=True)
class Loss:
    """What a power cut took: files that vanished, files cut short, names taken back."""

    vanished: int
    shortened: int
    renamed_back: int


def compile_shim(target: Path) -> None:
    """Build the library with the machine's C compiler."""
    options = ["-std=gnu11", "-O2", "-Wall", "-Wextra", "-Werror", "-fPIC", "-shared"]
    subprocess.run(["gcc", *options, str(SOURCE), "-o", str(target), "-ldl"], check=True)


def replay(before: Tree, root: Path, lines: list[str]) -> Tree:
    """What the journal's changes have made durable.

    A name counts once its folder was synced after it changed, bytes once their file was synced.
    Removals count at once: that a removed file comes back would be too kind to the service.
    """
    now, durable = before.copy(), before.copy()
    for line in lines:
        verb, rest = line[0], line[2:]
        if verb == "S":
            inode, size = rest.split(" ")
            durable.sizes[int(inode)] = int(size)
        elif verb == "Y":
            _sync_folder(now, durable, rest)
        else:
            _change_name(now, durable, verb, rest)
    return durable


def apply_cut(root: Path, durable: Tree) -> Loss:
    """Make the folder look as `durable` says."""
    found = {path.lstat().st_ino: path for path in root.rglob("*") if not path.is_dir()}
    names = {path: inode for path, inode in durable.names.items() if inode in found}
    reachable = {path: inode for path, inode in names.items() if _is_reachable(path, root, durable)}
    vanished = len(found.keys() - set(reachable.values()))
    shortened = renamed_back = 0
    # Aside first: a name taken back may be another file's today.
    with tempfile.TemporaryDirectory(dir=root.parent) as aside:
        for path, inode in reachable.items():
            kept = Path(aside) / str(inode)
            renamed_back += str(found[inode]) != path
            if not kept.exists():
                os.link(found[inode], kept)
        for path in sorted(root.iterdir()):
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        for folder in sorted(durable.folders):
            if _is_reachable(folder, root, durable):
                Path(folder).mkdir(parents=True, exist_ok=True)
        for path, inode in reachable.items():
            kept = Path(aside) / str(inode)
            if kept.stat().st_size > durable.sizes[inode]:
                os.truncate(kept, durable.sizes[inode])
                shortened += 1
            os.link(kept, path)
    return Loss(vanished, shortened, renamed_back)


def _change_name(now: Tree, durable: Tree, verb: str, rest: str) -> None:
    if verb == "C":
        inode, path = rest.split(" ", 1)
        now.names[path] = int(inode)
        durable.sizes[int(inode)] = 0
    elif verb == "D":
        now.folders.add(rest)
    elif verb == "R":
        old, new = rest.split("\t")
        if old in now.names:
            now.names[new] = now.names.pop(old)
    elif verb == "U":
        for tree in (now, durable):
            tree.names.pop(rest, None)
            tree.folders.discard(rest)


def _sync_folder(now: Tree, durable: Tree, folder: str) -> None:
    for path in [each for each in durable.names if _find_folder(each) == folder]:
        del durable.names[path]
    for path, inode in now.names.items():
        if _find_folder(path) == folder:
            durable.names[path] = inode
    durable.folders |= {each for each in now.folders if _find_folder(each) == folder}


def _is_reachable(path: str, root: Path, durable: Tree) -> bool:
    parent = path
    while parent != str(root):
        parent = _find_folder(parent)
        if parent not in durable.folders:
            return False
    return True


def _find_folder(path: str) -> str:
    return path.rpartition("/")[0]


@contextmanager
def mount_small_disk(folder: Path, size_bytes: int) -> Generator[Path]:
    """A disk of its own and of this size at `folder`; root only."""
    folder.mkdir(parents=True, exist_ok=True)
    mount = ["mount", "-t", "tmpfs", "-o", f"size={size_bytes}", "chaos", str(folder)]
    subprocess.run(mount, check=True)
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)
