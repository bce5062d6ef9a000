"""Objects as files on a local or shared disk."""

import os
import re
import shutil
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from transcriber.infra.errors import StorageFullError
from transcriber.infra.identifiers import create_id
from transcriber.infra.storage.errors import translate_os_error
from transcriber.infra.storage.local_parts import PARTS, LocalParts
from transcriber.infra.storage.local_writer import LocalWriter, make_directory, sync_directory
from transcriber.infra.storage.protocol import (
    LOW_WATER_FRACTION,
    ObjectAge,
    check_key,
    is_key,
)

TEMPORARY = "unfinished"
CLOCK = "clock"
_TEMPORARY_KEY = re.compile(rf"{TEMPORARY}/[0-9a-f]{{32}}")


class LocalStorage:
    """A directory tree `<root>/<kind>/<first two digits>/<id>`.

    Args:
        root: The tree's root, created on first use.
        low_water_bytes: New objects are refused when less than this stays free, or less than
            5 % of the disk where that is smaller.
    """

    def __init__(self, root: Path, *, low_water_bytes: int) -> None:
        self._root = root
        self._low_water_bytes = low_water_bytes
        self.parts = LocalParts(root, check_space=self.check_space)

    def create(self, key: str, *, may_use_reserve: bool = False) -> LocalWriter:
        """Begin an object beside its final place, so that the rename is atomic."""
        check_key(key)
        if not may_use_reserve:
            self.check_space(0)
        unfinished = self._root / TEMPORARY / create_id()
        try:
            make_directory(unfinished.parent, within=self._root)
            return LocalWriter(key, unfinished, self._path(key), root=self._root)
        except OSError as error:
            raise translate_os_error(error, "begin a stored object") from error

    def check_space(self, needed_bytes: int) -> None:
        """Refuse what would cross the low-water mark."""
        try:
            make_directory(self._root, within=self._root)
            usage = shutil.disk_usage(self._root)
        except OSError as error:
            raise translate_os_error(error, "measure the free space") from error
        floor = min(self._low_water_bytes, int(usage.total * LOW_WATER_FRACTION))
        if usage.free - needed_bytes < floor:
            raise StorageFullError(
                f"The storage has {usage.free} bytes free and must keep {floor}; "
                "free some space and send the recording again."
            )

    def read_range(self, key: str, offset: int, length: int) -> bytes:
        """Read one range."""
        try:
            with self._path(key).open("rb") as file:
                file.seek(offset)
                return file.read(length)
        except OSError as error:
            raise translate_os_error(error, "read a stored object") from error

    def size(self, key: str) -> int:
        """Size in bytes."""
        try:
            return self._path(key).stat().st_size
        except OSError as error:
            raise translate_os_error(error, "measure a stored object") from error

    def delete(self, key: str) -> None:
        """Remove the file; an unfinished object may be named by its temporary key.

        A key `parts/<id>` names the directory that an object's parts are in.
        """
        if key.startswith(f"{PARTS}/"):
            self.parts.remove(check_key(key).split("/")[1])
            return
        path = self._root / key if _TEMPORARY_KEY.fullmatch(key) else self._path(key)
        try:
            path.unlink()
            sync_directory(path.parent)
        except FileNotFoundError:
            return
        except OSError as error:
            raise translate_os_error(error, "delete a stored object") from error

    @contextmanager
    def local_file(self, key: str) -> Generator[Path]:
        """The file itself; nothing is copied."""
        path = self._path(key)
        if not path.is_file():
            raise translate_os_error(FileNotFoundError(), "open a stored object")
        yield path

    def find_objects(self) -> Iterator[ObjectAge]:
        """Walk the tree one directory at a time; files that vanish meanwhile are skipped.

        Files that are not where an object of their name would be are not ours and are left out.
        """
        try:
            for kind in _list_entries(self._root):
                folders = [kind] if kind.name == TEMPORARY else _list_entries(kind)
                date = _date_directories if kind.name == PARTS else _date_files
                for folder in folders:
                    yield from date(kind.name, folder)
        except OSError as error:
            raise translate_os_error(error, "list the stored objects") from error

    def read_time(self) -> datetime:
        """The time that the file system gives a file written now; a shared disk has its own."""
        path = self._root / CLOCK
        try:
            make_directory(self._root, within=self._root)
            path.touch(mode=0o600)
            return datetime.fromtimestamp(path.stat().st_mtime, UTC)
        except OSError as error:
            raise translate_os_error(error, "read the storage's time") from error

    def close(self) -> None:
        """Nothing is held open."""

    def _path(self, key: str) -> Path:
        kind, identifier = check_key(key).split("/")
        return self._root / kind / identifier[:2] / identifier


def _list_entries(directory: Path) -> list[Path]:
    """The directories in `directory`; none where it vanished or was never made."""
    try:
        with os.scandir(directory) as entries:
            return [Path(each.path) for each in entries if each.is_dir(follow_symlinks=False)]
    except FileNotFoundError:
        return []


def _date_directories(kind: str, folder: Path) -> Iterator[ObjectAge]:
    """Each object's parts, as old as the newest file among them."""
    for directory in _list_entries(folder):
        key = f"{kind}/{directory.name}"
        if not is_key(key) or folder.name != directory.name[:2]:
            continue
        try:
            times = [directory.stat().st_mtime]
            with os.scandir(directory) as entries:
                times += [each.stat(follow_symlinks=False).st_mtime for each in entries]
        except FileNotFoundError:
            continue
        yield ObjectAge(key, datetime.fromtimestamp(max(times), UTC))


def _date_files(kind: str, folder: Path) -> Iterator[ObjectAge]:
    try:
        with os.scandir(folder) as entries:
            for each in entries:
                key = f"{kind}/{each.name}"
                is_placed = folder.name in {TEMPORARY, each.name[:2]}
                if not is_key(key) or not is_placed or not each.is_file(follow_symlinks=False):
                    continue
                try:
                    modified = each.stat(follow_symlinks=False).st_mtime
                except FileNotFoundError:
                    continue
                yield ObjectAge(key, datetime.fromtimestamp(modified, UTC))
    except FileNotFoundError:
        return
