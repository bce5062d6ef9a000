"""`dd` writing what the uploads write: as many files at once, in chunks, each synced."""

import os
import subprocess
import time
from pathlib import Path

# One `dd` for each chunk, because only its end syncs; it takes its bytes from memory.
_WRITE = """
for ((number = 0; number < CHUNKS; number++)); do
    dd if="$BLOCK" of="$TARGET" bs="$CHUNK_BYTES" count=1 seek="$number" \
        conv=fdatasync,notrunc status=none || exit 1
done
"""
MEMORY = Path("/dev/shm")  # noqa: S108 -- a file there is memory, and gone at the end


def measure_plain_writes(folder: Path, *, files: int, chunks: int, chunk_bytes: int) -> float:
    """Write so many files of so many chunks at once; return the seconds it took.

    Args:
        folder: On the disk that is measured; empty again afterwards.
        files: How many at once.
        chunks: Of each file.
        chunk_bytes: Of each chunk, which is synced by itself.

    Raises:
        SystemExit: a write failed.
    """
    block = MEMORY / f"plain-writes-{os.getpid()}"
    block.write_bytes(os.urandom(chunk_bytes))
    targets = [folder / f"plain-{number}" for number in range(files)]
    shared = {"BLOCK": str(block), "CHUNKS": str(chunks), "CHUNK_BYTES": str(chunk_bytes)}
    try:
        began = time.monotonic()
        writers = [
            subprocess.Popen(
                ["bash", "-c", _WRITE], env=os.environ | shared | {"TARGET": str(each)}
            )
            for each in targets
        ]
        statuses = [writer.wait() for writer in writers]
        seconds = time.monotonic() - began
    finally:
        for path in (block, *targets):
            path.unlink(missing_ok=True)
    if any(statuses):
        raise SystemExit("A plain write failed; is there room on the disk?")
    return seconds
