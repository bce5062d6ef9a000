"""Files that are there whole or not at all."""

import os
from collections.abc import Iterable
from pathlib import Path
from secrets import token_hex


def write_atomically(path: Path, parts: Iterable[bytes]) -> None:
    """Write a file so that a reader, or a power cut, sees the old file or the new one.

    The parts go to a hidden file beside the target, which takes the target's place once its
    bytes are on the disk.

    Raises:
        OSError: when the directory cannot be written or is full; the old file is untouched.
    """
    # The name does not grow from the target's: that may already be as long as the disk allows.
    draft = path.parent / f".transcript-{token_hex(8)}.partial"
    try:
        # Mode x never follows a link that somebody placed there.
        with draft.open("xb") as file:
            file.writelines(parts)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
