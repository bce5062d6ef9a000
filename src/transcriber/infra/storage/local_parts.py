"""Parts of growing objects on a local or shared disk: one directory for each, written in place."""

import errno
import os
import shutil
from collections.abc import Callable, Generator, Sequence
from functools import partial
from pathlib import Path

from transcriber.infra.identifiers import create_id
from transcriber.infra.storage.errors import translate_os_error
from transcriber.infra.storage.local_part import LocalPart, sync_data, write_all
from transcriber.infra.storage.local_writer import make_directory, sync_directory
from transcriber.infra.storage.parts import (
    BLOCK_BYTES,
    Assembly,
    Check,
    Part,
    PartBusyError,
    PartsLostError,
)
from transcriber.infra.storage.protocol import check_key

PARTS = "parts"
MAX_PARTS = 10_000
REMEMBERED = 4_096
TURNS = 256
"""How often a directory that vanishes is made again before its file is opened."""


class LocalParts:
    """Directories `<root>/parts/<first two digits>/<id>` with the files that parts are written to.

    A part is written at its own place in `<handle>.0`, so finishing copies nothing.  The kernel's
    lock of that range keeps others out and ends with the process that holds it.  After a failed
    sync the next file takes the parts to come, and assembling copies the confirmed ones over.

    Args:
        root: Of the store.
        check_space: Refuses what would cross the store's low-water mark.
    """

    min_part_bytes = 1
    max_parts = MAX_PARTS
    keeps_parts = True

    def __init__(self, root: Path, *, check_space: Callable[[int], None]) -> None:
        self._root = root
        self._check_space = check_space
        # Files whose names this process has made durable.
        self._named: set[Path] = set()

    def begin(self, key: str) -> str:
        """Nothing to do on a disk before the first part comes."""
        check_key(key)
        return create_id()

    def open(self, assembly: Assembly, number: int, start: int, size_bytes: int) -> LocalPart:
        """Lock the part's place in the file."""
        self._check_space(size_bytes)
        path = self._file(assembly, assembly.file)
        try:
            return LocalPart(
                self._open_named(path),
                file=assembly.file,
                start=start,
                size_bytes=size_bytes,
                locate=partial(self._file, assembly),
            )
        except BlockingIOError as error:
            raise PartBusyError(
                f"Another request is writing chunk {number}; ask for the upload's state.",
                headers={"Retry-After": "1"},
            ) from error
        except OSError as error:
            raise translate_os_error(error, "begin a chunk") from error

    def assemble(self, assembly: Assembly, parts: Sequence[Part], check: Check) -> None:
        """Copy the parts of given-up files into the present one, which is a rare need."""
        strays = [part for part in parts if part.file != assembly.file]
        if not strays or self.locate(assembly.key).exists():
            return
        try:
            target = self._open_named(self._file(assembly, assembly.file))
            try:
                for part in strays:
                    self._copy(self._file(assembly, part.file), target, part, check)
                sync_data(target)
            finally:
                os.close(target)
        except OSError as error:
            raise translate_os_error(error, "assemble the chunks") from error

    def stream(self, assembly: Assembly) -> Generator[bytes]:
        """The file, wherever it is: a crash may have come after it was given its final name."""
        try:
            descriptor = self._open_whole(assembly)
            try:
                while block := os.read(descriptor, BLOCK_BYTES):
                    yield block
            finally:
                os.close(descriptor)
        except FileNotFoundError as error:
            raise PartsLostError("The file with the received bytes is missing.") from error
        except OSError as error:
            raise translate_os_error(error, "read the chunks") from error

    def publish(self, assembly: Assembly) -> None:
        """Sync the file, give it its final name, sync the directory of that name."""
        source, final = self._file(assembly, assembly.file), self.locate(assembly.key)
        try:
            if source.exists():
                self._check_and_sync(source, assembly.size_bytes)
                make_directory(final.parent, within=self._root)
                source.rename(final)
            sync_directory(final.parent)
            self._named.discard(source)
        except FileNotFoundError as error:
            raise PartsLostError("The file with the received bytes is missing.") from error
        except OSError as error:
            raise translate_os_error(error, "finish the upload") from error

    def forget(self, receipt: str) -> None:
        """Nothing: the bytes lie in the file of all others."""

    def discard(self, assembly: Assembly) -> None:
        """Remove this beginning's files; the directory goes with the last of them."""
        directory = self._file(assembly, 0).parent
        try:
            for path in directory.glob(f"{assembly.handle}.*"):
                path.unlink(missing_ok=True)
                self._named.discard(path)
            directory.rmdir()
            sync_directory(directory.parent)
        except FileNotFoundError:
            return
        except OSError as error:
            # Files of another beginning are still needed.
            if error.errno != errno.ENOTEMPTY:
                raise translate_os_error(error, "remove the chunks") from error

    def remove(self, identifier: str) -> None:
        """Remove all that lies in the directory of an object, by its id."""
        directory = self._root / PARTS / identifier[:2] / identifier
        try:
            shutil.rmtree(directory)
            sync_directory(directory.parent)
        except FileNotFoundError:
            return
        except OSError as error:
            raise translate_os_error(error, "remove the chunks") from error

    def locate(self, key: str) -> Path:
        """Where the object of a key lies."""
        kind, identifier = check_key(key).split("/")
        return self._root / kind / identifier[:2] / identifier

    def _file(self, assembly: Assembly, number: int) -> Path:
        identifier = check_key(assembly.key).split("/")[1]
        return self._root / PARTS / identifier[:2] / identifier / f"{assembly.handle}.{number}"

    def _open_named(self, path: Path) -> int:
        """A descriptor of the file, whose name is durable."""
        directory = path.parent
        make_directory(directory.parent, within=self._root)
        descriptor = self._open_in_directory(path)
        try:
            if path not in self._named:
                sync_directory(directory.parent)
                sync_directory(directory)
                if len(self._named) >= REMEMBERED:
                    self._named = set()
                self._named.add(path)
        except BaseException:
            os.close(descriptor)
            raise
        return descriptor

    def _open_in_directory(self, path: Path) -> int:
        flags, turns = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, TURNS
        while True:
            if path not in self._named:
                path.parent.mkdir(mode=0o700, exist_ok=True)
            try:
                return os.open(path, flags, 0o600)
            except FileNotFoundError:
                # Whoever discards another beginning takes the directory along while it is empty.
                turns -= 1
                if path in self._named or turns == 0:
                    raise

    def _open_whole(self, assembly: Assembly) -> int:
        flags = os.O_RDONLY | os.O_CLOEXEC
        try:
            return os.open(self._file(assembly, assembly.file), flags)
        except FileNotFoundError:
            return os.open(self.locate(assembly.key), flags)

    def _copy(self, source: Path, target: int, part: Part, check: Check) -> None:
        descriptor = os.open(source, os.O_RDONLY | os.O_CLOEXEC)
        try:
            position, end = part.start, part.start + part.size_bytes
            while position < end:
                block = os.pread(descriptor, min(BLOCK_BYTES, end - position), position)
                if not block:
                    raise PartsLostError(f"The file with chunk {part.number} is too short.")
                write_all(target, block, position)
                position += len(block)
                check()
        finally:
            os.close(descriptor)

    def _check_and_sync(self, path: Path, size_bytes: int) -> None:
        descriptor = os.open(path, os.O_RDWR | os.O_CLOEXEC)
        try:
            found = os.fstat(descriptor).st_size
            # What the disk holds is believed over what was sent to it.
            if found != size_bytes:
                raise PartsLostError(f"The file has {found} bytes instead of {size_bytes}.")
            sync_data(descriptor)
        finally:
            os.close(descriptor)
