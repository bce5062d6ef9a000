"""One part of a growing object on a disk, at its place in the file."""

import errno
import os
from collections.abc import Callable, Generator
from pathlib import Path

from transcriber.infra.errors import UnavailableError
from transcriber.infra.storage.errors import translate_os_error
from transcriber.infra.storage.parts import BLOCK_BYTES, BegunPart, PartsLostError, SyncFailedError
from transcriber.infra.storage.range_lock import try_lock_range


class LocalPart:
    """One part being written at its place in the file.

    Args:
        descriptor: Of the file; closed by `close`, or here when the range is locked.
        file: The file's number.
        start: The part's place.
        size_bytes: Its greatest length.
        locate: Where the object's file of a number lies.

    Raises:
        BlockingIOError: when somebody holds the range.
    """

    def __init__(
        self,
        descriptor: int,
        *,
        file: int,
        start: int,
        size_bytes: int,
        locate: Callable[[int], Path],
    ) -> None:
        self._descriptor: int | None = descriptor
        self._file = file
        self._locate = locate
        self._start = start
        self._limit = size_bytes
        self._size = 0
        try:
            try_lock_range(descriptor, start, size_bytes)
        except BaseException:
            self.close()
            raise

    @property
    def size_bytes(self) -> int:
        """Bytes written so far."""
        return self._size

    def write(self, data: bytes | bytearray | memoryview) -> None:
        """Write at the part's end, going on after short writes."""
        if self._size + len(data) > self._limit:
            raise ValueError("The part is longer than was said.")
        try:
            write_all(self._open_descriptor(), data, self._start + self._size)
        except OSError as error:
            raise translate_os_error(error, "store the bytes") from error
        self._size += len(data)

    def resume(self, begun: BegunPart) -> Generator[bytes]:
        """Read what was kept; where it lies in a given-up file, copy it over."""
        try:
            source = os.open(self._locate(begun.file), os.O_RDONLY | os.O_CLOEXEC)
            try:
                while missing := begun.size_bytes - self._size:
                    position = self._start + self._size
                    block = os.pread(source, min(BLOCK_BYTES, missing), position)
                    if not block:
                        raise PartsLostError("The file with the received bytes is too short.")
                    if begun.file != self._file:
                        write_all(self._open_descriptor(), block, position)
                    self._size += len(block)
                    yield block
            finally:
                os.close(source)
        except FileNotFoundError as error:
            raise PartsLostError("The file with the received bytes is missing.") from error
        except OSError as error:
            raise translate_os_error(error, "read the received bytes") from error

    def keep(self) -> str:
        """The same as for a whole part: its place is its own."""
        return self.commit()

    def commit(self) -> str:
        """Sync the data."""
        descriptor = self._open_descriptor()
        sync_data(descriptor)
        if os.fstat(descriptor).st_size < self._start + self._size:
            raise UnavailableError(
                "The storage did not keep all bytes; nothing was saved.",
                code="storage_unavailable",
            )
        return ""

    def close(self) -> None:
        """Close the file, which unlocks the range."""
        descriptor, self._descriptor = self._descriptor, None
        if descriptor is not None:
            os.close(descriptor)

    def _open_descriptor(self) -> int:
        if self._descriptor is None:
            raise RuntimeError("The part was already closed.")
        return self._descriptor


def write_all(descriptor: int, data: bytes | bytearray | memoryview, position: int) -> None:
    """Write `data` at `position`, going on after short writes.

    Raises:
        OSError: as the system says; a disk that takes nothing counts as full.
    """
    view = memoryview(data)
    while view:
        written = os.pwrite(descriptor, view, position)
        if written == 0:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        view = view[written:]
        position += written


def sync_data(descriptor: int) -> None:
    """Make the bytes of a file durable.

    Raises:
        SyncFailedError: the disk did not confirm it.
    """
    try:
        os.fdatasync(descriptor)
    except OSError as error:
        # It is never retried: the kernel may have dropped the pages and would then say yes.
        refusal = translate_os_error(error, "make the bytes durable")
        failed = SyncFailedError(refusal.detail, code=refusal.code, headers={"Retry-After": "10"})
        failed.status, failed.title = refusal.status, refusal.title
        raise failed from error
