"""The largest file this process may write: what is longer is refused as on a full disk."""

import resource
from collections.abc import Generator
from contextlib import contextmanager


@contextmanager
def limit_file_size(size: int) -> Generator[None]:
    """Allow files of at most `size` bytes within the block."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
