"""What the service asks of a place where objects grow out of parts, over days and restarts."""

from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from typing import Protocol

from transcriber.infra.errors import ConflictError, UnavailableError

BLOCK_BYTES = 256 * 1024
"""How much is read or written at a time."""

Check = Callable[[], None]
"""Called after every block of long work; it may raise to end it."""


class PartBusyError(ConflictError):
    """Somebody else is writing this very part."""

    status = 423
    code = "chunk_busy"
    title = "Another request is writing this."


class SyncFailedError(UnavailableError):
    """The disk did not confirm what was written: the file may not be written or synced again."""

    code = "storage_unavailable"


class PartsLostError(UnavailableError):
    """The store no longer has parts that it had confirmed.

    Args:
        detail: One sentence.
        numbers: Which parts; None means all.
    """

    code = "bytes_missing"
    title = "Bytes that were received are missing."

    def __init__(self, detail: str, numbers: Sequence[int] | None = None) -> None:
        super().__init__(detail)
        self.numbers = numbers


@dataclass(frozen=True, slots=True, kw_only=True)
class Assembly:
    """An object that is being put together.

    Attributes:
        key: Of the object once it is whole.
        handle: What `begin` gave.
        file: Number of the file that is written to; a disk that fails makes it rise.
        size_bytes: Of the whole.
    """

    key: str
    handle: str
    file: int
    size_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A part that is durable.

    Attributes:
        number: From 0; parts may be missing between others until the object is assembled.
        start: Its first byte's place in the object.
        size_bytes: Its length.
        file: The `Assembly.file` it was written to.
        receipt: What `PartWriter.commit` gave.
    """

    number: int
    start: int
    size_bytes: int
    file: int
    receipt: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BegunPart:
    """The first bytes of a part that is not whole, durable until `PartStore.forget`.

    Attributes:
        size_bytes: How many they are.
        file: The `Assembly.file` they were written to.
        receipt: What `PartWriter.keep` gave.
    """

    size_bytes: int
    file: int
    receipt: str


class PartWriter(Protocol):
    """A part being written, by nobody else until `close`."""

    @property
    def size_bytes(self) -> int:
        """Bytes written so far."""
        ...

    def write(self, data: bytes | bytearray | memoryview) -> None:
        """Append bytes.

        Raises:
            StorageFullError: when the place is full.
            UnavailableError: when it fails otherwise.
        """
        ...

    def resume(self, begun: BegunPart) -> Generator[bytes]:
        """Go on behind what was kept; gives its bytes, all of which must be taken.

        Raises:
            PartsLostError: it is not there as it was confirmed.
            ServiceError: as `write` does.
        """
        ...

    def keep(self) -> str:
        """Make the bytes so far durable although the part is not whole, and return their receipt.

        Raises:
            SyncFailedError: the file must not be used any more.
            ServiceError: as `write` does.
        """
        ...

    def commit(self) -> str:
        """Make the part durable and return its receipt; nobody else may write it before `close`.

        Raises:
            SyncFailedError: the file must not be used any more.
            ServiceError: as `write` does.
        """
        ...

    def close(self) -> None:
        """Let others write this part; what was not committed counts for nothing."""
        ...


class PartStore(Protocol):
    """A place that keeps parts of objects.

    Attributes:
        min_part_bytes: The least length of every part but the last.
        max_parts: The most parts of an object.
        keeps_parts: Whether single parts can still be replaced after `assemble`.
    """

    min_part_bytes: int
    max_parts: int
    keeps_parts: bool

    def begin(self, key: str) -> str:
        """Begin an object; gives the handle that names this beginning."""
        ...

    def open(self, assembly: Assembly, number: int, start: int, size_bytes: int) -> PartWriter:
        """Begin a part of at most `size_bytes` at `start`.

        Raises:
            PartBusyError: somebody is writing it.
            PartsLostError: the store does not know the handle any more.
            ServiceError: when the place is full or fails.
        """
        ...

    def assemble(self, assembly: Assembly, parts: Sequence[Part], check: Check) -> None:
        """Make all parts one readable whole; doing it again is harmless.

        Raises:
            PartsLostError: one of them is not there as it was confirmed.
            ServiceError: when the place is full or fails.
        """
        ...

    def stream(self, assembly: Assembly) -> Generator[bytes]:
        """The bytes of what `assemble` made, block by block; raises as it does."""
        ...

    def publish(self, assembly: Assembly) -> None:
        """Make the whole the durable object under its key; doing it again is harmless.

        Raises:
            SyncFailedError: the file must not be used any more.
            ServiceError: when the place fails.
        """
        ...

    def forget(self, receipt: str) -> None:
        """Remove what `PartWriter.keep` stored, once no row names it; it need not be there.

        Raises:
            ServiceError: when the place fails.
        """
        ...

    def discard(self, assembly: Assembly) -> None:
        """Remove the parts of this handle; a published object stays, and none need be there."""
        ...
