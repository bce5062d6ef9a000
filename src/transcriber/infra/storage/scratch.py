"""Private temporary files that no crash leaves behind for long."""

import fcntl
import os
import re
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path

from transcriber.infra.identifiers import create_id

_NAME = re.compile(r"[0-9a-f]{32}-[0-9a-f]{32}")


@contextmanager
def open_scratch(directory: Path, identifier: str) -> Generator[tuple[int, Path]]:
    """A new empty file in `directory`, for this account alone and gone afterwards.

    It is locked while it is in use, and the kernel unlocks it when its process dies: whoever comes
    next removes what nobody holds any more.

    Args:
        directory: Made on first use.
        identifier: 32 hex digits that the file's name begins with.

    Yields:
        The open descriptor and the path.

    Raises:
        OSError: when the directory cannot be written.
    """
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    remove_abandoned(directory)
    descriptor, path = _create_locked(directory, identifier)
    try:
        yield descriptor, path
    finally:
        path.unlink(missing_ok=True)
        os.close(descriptor)


def remove_abandoned(directory: Path) -> None:
    """Remove the files whose processes are gone."""
    for path in directory.iterdir():
        if not _NAME.fullmatch(path.name):
            continue
        with suppress(FileNotFoundError):
            descriptor = os.open(path, os.O_RDWR | os.O_CLOEXEC)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                path.unlink()
            except BlockingIOError:
                continue
            finally:
                os.close(descriptor)


def _create_locked(directory: Path, identifier: str) -> tuple[int, Path]:
    while True:
        path = directory / f"{identifier}-{create_id()}"
        flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
        descriptor = os.open(path, flags, 0o600)
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        if os.fstat(descriptor).st_nlink:
            return descriptor, path
        # Another process took it for abandoned before it was locked.
        os.close(descriptor)
