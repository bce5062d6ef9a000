"""One `serve` per data directory: two would fight over the broker's socket."""

import fcntl
import os
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from transcriber.infra.errors import StartupError


@contextmanager
def hold_data_directory(data_dir: Path) -> Generator[None]:
    """Be the only service on this directory; the kernel lets go when the process dies.

    Raises:
        StartupError: when another one runs, or the directory cannot be written.
    """
    path = data_dir / "serve.lock"
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise StartupError(f"{path} cannot be written: {error.strerror}.") from None
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise StartupError(
                f"Another `transcriber serve` already uses {data_dir}; stop it or set DATA_DIR."
            ) from None
        yield
    finally:
        os.close(descriptor)
