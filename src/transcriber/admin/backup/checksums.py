"""The SHA-256 of every file of a backup, in the form that `sha256sum --check` reads."""

import hashlib
import os
import re
from collections.abc import Mapping
from pathlib import Path

from transcriber.infra.errors import StartupError

CHECKSUMS = "checksums.txt"
READ_BYTES = 8 * 1024**2
_LINE = re.compile(r"([0-9a-f]{64})  (\S+)")


def write_checksums(directory: Path, digests: Mapping[str, str]) -> None:
    """Write the SHA-256 in hex of each file, named by its path in the folder, durably."""
    part = directory / f"{CHECKSUMS}.part"
    with part.open("w", encoding="utf-8") as file:
        file.writelines(f"{digests[name]}  {name}\n" for name in sorted(digests))
        file.flush()
        os.fsync(file.fileno())
    part.replace(directory / CHECKSUMS)


def read_checksums(directory: Path) -> dict[str, str]:
    """What `write_checksums` wrote; nothing where there is no such file.

    Raises:
        StartupError: when it cannot be read or holds something else.
    """
    path = directory / CHECKSUMS
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise StartupError(f"{path} cannot be read: {error}.") from None
    found = [_LINE.fullmatch(line) for line in lines]
    if None in found:
        raise StartupError(f"{path} is damaged: a line of it is no checksum.")
    return {each[2]: each[1] for each in found if each}


def compute_checksum(path: Path) -> str:
    """SHA-256 of a file in hex, read piece by piece."""
    sha256 = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(READ_BYTES):
            sha256.update(block)
    return sha256.hexdigest()
