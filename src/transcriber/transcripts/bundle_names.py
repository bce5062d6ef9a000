"""Names of files inside a bundle: safe on every disk they may be unpacked to, and unique."""

import unicodedata
from itertools import count

from transcriber.recordings.names import build_stem

MAX_STEM_BYTES = 150
"""Far below the 255 that common disks allow: a number and the unpacker's folders need room."""
ERRORS_NAME = "errors.txt"


class BundleNames:
    """Names given out so far."""

    def __init__(self) -> None:
        self._taken = {ERRORS_NAME}

    def choose(self, name: str, extension: str) -> str:
        """A name that no other file of the bundle has, whatever the disk takes for the same.

        Args:
            name: The recording's, as its owner wrote it.
            extension: With its dot.
        """
        stem = _shorten(build_stem(name))
        for number in count(1):
            candidate = f"{stem}{extension}" if number == 1 else f"{stem} ({number}){extension}"
            key = unicodedata.normalize("NFKC", candidate).casefold()
            if key not in self._taken:
                self._taken.add(key)
                return candidate
        raise AssertionError("There is always another number.")


def _shorten(stem: str) -> str:
    cut = stem.encode()[:MAX_STEM_BYTES].decode(errors="ignore")
    # A disk of Windows drops dots and spaces from the end.
    return cut.rstrip(". ") or "_"
