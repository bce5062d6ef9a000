"""What the service asks of a place that keeps bytes."""

import re
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from transcriber.infra.storage.parts import PartStore

LOW_WATER_FRACTION = 0.05
"""New objects are refused when less of a disk than this stays free, on disks where the fixed mark
would be more."""

_KEY = re.compile(r"[a-z]{1,20}/[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class StoredObject:
    """A durable object: its key, its size and the SHA-256 of its bytes in hex."""

    key: str
    size_bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class ObjectAge:
    """An object found in storage and when it was last written, UTC."""

    key: str
    modified_at: datetime


def is_key(key: str) -> bool:
    """Whether `key` is `<kind>/<32 hex digits>`."""
    return _KEY.fullmatch(key) is not None


def check_key(key: str) -> str:
    """Give `key` back when it is `<kind>/<32 hex digits>`.

    Names chosen by people never become keys, so nothing a person types can leave the store.

    Raises:
        ValueError: for anything else.
    """
    if not is_key(key):
        raise ValueError(f"{key!r} is not a storage key of the form kind/id.")
    return key


class ObjectWriter(Protocol):
    """An object being written; nothing is visible under its key before `commit`."""

    @property
    def size_bytes(self) -> int:
        """Bytes written so far."""
        ...

    def write(self, data: bytes) -> None:
        """Append bytes.

        Raises:
            StorageFullError: when the place is full.
            UnavailableError: when it fails otherwise.
        """
        ...

    def commit(self) -> StoredObject:
        """Make the object durable and visible, in that order; raises as `write` does."""
        ...

    def abort(self) -> None:
        """Forget what was written; harmless after `commit` and when called twice."""
        ...


class Storage(Protocol):
    """A place that keeps objects under keys of the form `<kind>/<id>`."""

    @property
    def parts(self) -> PartStore:
        """Where objects grow out of parts that come in any order."""
        ...

    def create(self, key: str, *, may_use_reserve: bool = False) -> ObjectWriter:
        """Begin an object.

        Args:
            key: Of the object.
            may_use_reserve: Whether it may take what the low-water mark keeps back: that is kept
                for the work on what was accepted, so that it goes on where nothing new fits.

        Raises:
            StorageFullError: when free space is below the low-water mark.
            UnavailableError: when the place cannot be written.
        """
        ...

    def check_space(self, needed_bytes: int) -> None:
        """Refuse early what would not fit.

        Raises:
            StorageFullError: when `needed_bytes` would cross the low-water mark.
            UnavailableError: when the place does not answer.
        """
        ...

    def read_range(self, key: str, offset: int, length: int) -> bytes:
        """At most `length` bytes from `offset`; fewer only at the object's end.

        Raises:
            ObjectMissingError: when there is no such object.
            UnavailableError: when it cannot be read.
        """
        ...

    def size(self, key: str) -> int:
        """Size in bytes; raises as `read_range` does."""
        ...

    def delete(self, key: str) -> None:
        """Remove the object; nothing happens when there is none."""
        ...

    def local_file(self, key: str) -> AbstractContextManager[Path]:
        """The object as a readable local file for as long as the context is open."""
        ...

    def find_objects(self) -> Iterator[ObjectAge]:
        """Every object, and the remains of unfinished ones, for the collection of orphans.

        They come one by one, however many there are; `delete` takes their keys.  What else lies
        in the same place is left out.
        """
        ...

    def read_time(self) -> datetime:
        """Now, in UTC, by the clock that dates the objects; no other may tell their age.

        Raises:
            UnavailableError: when the place does not answer.
        """
        ...

    def close(self) -> None:
        """Let go of connections."""
        ...
