"""Writing one object to disk so that it is either wholly there or not there at all."""

import hashlib
import os
from pathlib import Path

import structlog

from transcriber.infra.errors import UnavailableError
from transcriber.infra.storage.errors import translate_os_error
from transcriber.infra.storage.protocol import StoredObject

_log = structlog.stdlib.get_logger(__name__)

_durable: set[Path] = set()
"""Directories whose entries this process has synced."""


class LocalWriter:
    """A temporary file that becomes the object: write, fsync, rename, fsync the directory.

    The bytes are hashed on their way, so nobody has to read them again.

    Args:
        key: Of the object.
        unfinished: Where it is written.
        final: Where it is moved to.
        root: Of the store; both paths lie in it.
    """

    def __init__(self, key: str, unfinished: Path, final: Path, *, root: Path) -> None:
        self._key = key
        self._root = root
        self._unfinished = unfinished
        self._final = final
        self._sha256 = hashlib.sha256()
        self._size = 0
        # Unbuffered: a short or failed write must be seen where it happens.
        self._descriptor: int | None = os.open(
            unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600
        )

    @property
    def size_bytes(self) -> int:
        """Bytes written so far."""
        return self._size

    def write(self, data: bytes) -> None:
        """Append `data`, going on after short writes."""
        view = memoryview(data)
        try:
            while view:
                written = os.write(self._open_descriptor(), view)
                view = view[written:]
        except OSError as error:
            self.abort()
            raise translate_os_error(error, "store the bytes") from error
        self._sha256.update(data)
        self._size += len(data)

    def commit(self) -> StoredObject:
        """Make the object durable, then visible."""
        descriptor = self._open_descriptor()
        try:
            os.fsync(descriptor)
            self._check_size(os.fstat(descriptor).st_size)
            self._close()
            make_directory(self._final.parent, within=self._root)
            self._unfinished.rename(self._final)
            sync_directory(self._final.parent)
        except OSError as error:
            # A failed fsync is never retried: the kernel may have dropped the pages.
            self.abort()
            raise translate_os_error(error, "finish a stored object") from error
        except UnavailableError:
            self.abort()
            raise
        return StoredObject(self._key, self._size, self._sha256.hexdigest())

    def abort(self) -> None:
        """Forget what was written."""
        try:
            self._close()
            self._unfinished.unlink(missing_ok=True)
        except OSError as error:
            # The disk fails altogether; the collection of orphans removes what stays.
            _log.warning("unfinished_object_left", reason=error.strerror)

    def _check_size(self, found: int) -> None:
        # What the disk holds is believed over what was sent to it.
        if found != self._size:
            raise UnavailableError(
                f"The storage kept {found} of {self._size} bytes; nothing was saved.",
                code="storage_unavailable",
            )

    def _open_descriptor(self) -> int:
        if self._descriptor is None:
            raise RuntimeError("The object was already committed or aborted.")
        return self._descriptor

    def _close(self) -> None:
        descriptor, self._descriptor = self._descriptor, None
        if descriptor is not None:
            os.close(descriptor)


def sync_directory(directory: Path) -> None:
    """Make a rename or removal in `directory` durable."""
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def make_directory(directory: Path, *, within: Path) -> None:
    """Create `directory` and make each new entry durable in its parent.

    Below `within` an entry that is there already is not taken for durable either, because its
    maker may not have synced it yet: each process syncs every parent once.
    """
    is_trusted = directory in _durable or not directory.is_relative_to(within)
    if is_trusted and directory.is_dir():
        return
    make_directory(directory.parent, within=within)
    directory.mkdir(exist_ok=True)
    sync_directory(directory.parent)
    _durable.add(directory)
