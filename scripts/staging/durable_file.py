"""Write a file so that it is whole or not there."""

import os
from pathlib import Path


def write_durably(path: Path, content: bytes) -> None:
    """Write beside the file, sync, and rename over it; the folder is made where it is missing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
    try:
        with partial.open("wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
