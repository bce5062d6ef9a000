"""One part of an object in a bucket, from its first byte to the store's receipt."""

import hashlib
import os
from base64 import b64encode
from collections.abc import Generator
from contextlib import ExitStack
from pathlib import Path
from typing import Protocol

from transcriber.infra.errors import UnavailableError
from transcriber.infra.storage.errors import ObjectMissingError, translate_os_error
from transcriber.infra.storage.local_part import write_all
from transcriber.infra.storage.parts import BegunPart, PartsLostError


class PartPlace(Protocol):
    """What a part asks of the store; `md5` is in base64."""

    def send(self, path: Path, md5: str) -> str:
        """Give the file to the store as the part; returns the receipt."""
        ...

    def keep(self, path: Path, md5: str) -> str:
        """Give the file to the store as the beginning of the part; returns the receipt."""
        ...

    def load(self, receipt: str, size_bytes: int) -> Generator[bytes]:
        """So many bytes of what was kept.

        Raises:
            ObjectMissingError: it is not there.
        """
        ...


class S3Part:
    """One part waiting on the scratch disk until it is whole.

    Attributes:
        closing: What ends with the part.

    Args:
        descriptor: Of its file.
        path: Of its file.
        place: Where it belongs in the store.
    """

    def __init__(self, descriptor: int, path: Path, place: PartPlace) -> None:
        self.closing = ExitStack()
        self._descriptor = descriptor
        self._path = path
        self._place = place
        # A check against damage on the way, not against an adversary.
        self._md5 = hashlib.md5(usedforsecurity=False)
        self._size = 0

    @property
    def size_bytes(self) -> int:
        """Bytes written so far."""
        return self._size

    def write(self, data: bytes | bytearray | memoryview) -> None:
        """Append `data`, going on after short writes."""
        try:
            write_all(self._descriptor, data, self._size)
        except OSError as error:
            raise translate_os_error(error, "store the bytes") from error
        self._md5.update(data)
        self._size += len(data)

    def resume(self, begun: BegunPart) -> Generator[bytes]:
        """Fetch what was kept, to send it again once the part is whole."""
        try:
            for block in self._place.load(begun.receipt, begun.size_bytes):
                self.write(block)
                yield block
        except ObjectMissingError as error:
            raise PartsLostError("The storage no longer has the received bytes.") from error
        if self._size != begun.size_bytes:
            raise PartsLostError("The storage no longer has all of the received bytes.")

    def keep(self) -> str:
        """Send it as an object of its own: the store takes no short parts, and gives none back."""
        return self._place.keep(self._path, self._finish())

    def commit(self) -> str:
        """Send it; the store answers once it is durable and as it was sent."""
        return self._place.send(self._path, self._finish())

    def close(self) -> None:
        """Remove the file and let others write this part."""
        self.closing.close()

    def _finish(self) -> str:
        """The MD5 in base64, when the scratch disk has all bytes."""
        found = os.fstat(self._descriptor).st_size
        if found != self._size:
            raise UnavailableError(
                f"The scratch disk kept {found} of {self._size} bytes; nothing was saved.",
                code="storage_unavailable",
            )
        return b64encode(self._md5.digest()).decode()
