"""Locks of byte ranges of a file, held by an open descriptor and freed by the kernel with it."""

import errno
import fcntl
import struct

# struct flock of fcntl(2): type, whence, start, length, process id, padded as the compiler does.
_FLOCK = struct.Struct("hhqqi4x")
_SEEK_SET = 0


def try_lock_range(descriptor: int, start: int, length: int) -> None:
    """Lock a range for this descriptor alone, threads of one process included.

    Whoever dies holding it, by whatever signal, holds it no more; a stopped process still does, so
    what it has not yet written cannot land in bytes that somebody else has written since.

    Args:
        descriptor: Open for writing.
        start: First byte.
        length: Number of bytes, at least 1.

    Raises:
        BlockingIOError: when another descriptor holds some of it.
        OSError: when the file system has no such locks.
    """
    request = _FLOCK.pack(fcntl.F_WRLCK, _SEEK_SET, start, length, 0)
    try:
        fcntl.fcntl(descriptor, fcntl.F_OFD_SETLK, request)
    except OSError as error:
        if error.errno in {errno.EACCES, errno.EAGAIN}:
            raise BlockingIOError(errno.EAGAIN, "The range is locked.") from error
        raise
