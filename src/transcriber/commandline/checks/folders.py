"""Whether the folders can be read and written, and whether there is room in them."""

import shutil
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from transcriber.commandline.checks.finding import Finding
from transcriber.commandline.display import show_bytes, show_name

# Below either the service refuses uploads.
LOW_WATER_BYTES = 2 * 1024**3
LOW_WATER_SHARE = 0.05


def check_writable(folders: Iterable[Path]) -> Iterator[Finding]:
    """Write a file into each folder, or into the one it would be made in, and remove it."""
    for folder in folders:
        place = find_existing(folder)
        name = show_name(folder)
        try:
            with tempfile.TemporaryFile(dir=place):
                pass
        except OSError as error:
            yield Finding(
                "permissions",
                "fail",
                f"{name} cannot be written: {error.strerror}",
                f"Give this user the right to write in {show_name(place)}.",
            )
        else:
            state = "can be written" if folder.exists() else "can be made"
            yield Finding("permissions", "ok", f"{name} {state}")


def check_space(folders: Iterable[Path]) -> Iterator[Finding]:
    """Compare the free space of each folder's disk with what the service keeps free."""
    places = {find_existing(folder).stat().st_dev: find_existing(folder) for folder in folders}
    for place in places.values():
        usage = shutil.disk_usage(place)
        floor = max(LOW_WATER_BYTES, int(usage.total * LOW_WATER_SHARE))
        words = f"{show_bytes(usage.free)} free of {show_bytes(usage.total)} at {show_name(place)}"
        if usage.free >= floor:
            yield Finding("disk", "ok", words)
        else:
            yield Finding("disk", "fail", words, f"Free {show_bytes(floor - usage.free)} or more.")


def find_existing(folder: Path) -> Path:
    """Return the folder, or its nearest parent that exists."""
    folder = folder.absolute()
    return next(place for place in (folder, *folder.parents) if place.exists())
