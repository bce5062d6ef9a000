"""Taking a recording from a request's body straight into storage."""

from transcriber.infra.deletions import try_delete
from transcriber.infra.errors import BadRequestError, InvalidError, TooLargeError
from transcriber.infra.identifiers import create_id
from transcriber.infra.multipart import FileHeader, FormReader
from transcriber.infra.storage import ObjectWriter, Storage, StoredObject

FILE_FIELD = "file"
FORM_ALLOWANCE_BYTES = 4 * 1024**2
"""What a body may hold beside its file: fields, headers and boundaries."""


class Reception:
    """A multipart body on its way into storage; memory stays flat whatever its size.

    All methods block on the disk, so they must run in a thread.

    Args:
        storage: Where the file goes.
        boundary: The form's boundary.
        max_bytes: The largest file taken.
    """

    def __init__(self, storage: Storage, boundary: bytes, *, max_bytes: int) -> None:
        self._storage = storage
        self._max_bytes = max_bytes
        self._received = 0
        self._writer: ObjectWriter | None = None
        self._stored: StoredObject | None = None
        self._filename = ""
        self._reader = FormReader(boundary, file_field=FILE_FIELD, open_file=self._open)

    @property
    def fields(self) -> dict[str, str]:
        """The text fields received so far."""
        return self._reader.fields

    @property
    def filename(self) -> str:
        """The file's name as its sender calls it."""
        return self._filename

    def feed(self, data: bytes) -> None:
        """Take the next bytes of the body; any refusal leaves nothing behind.

        Raises:
            ServiceError: when the form is malformed, too large, or cannot be stored.
        """
        self._received += len(data)
        if self._received > self._max_bytes + FORM_ALLOWANCE_BYTES:
            raise build_size_refusal(self._max_bytes)
        self._reader.feed(data)

    def write(self, data: bytes) -> None:
        """Take bytes of the file; called by the form's reader."""
        if self._writer is None:
            raise BadRequestError("The file part has no header.")
        if self._writer.size_bytes + len(data) > self._max_bytes:
            raise build_size_refusal(self._max_bytes)
        self._writer.write(data)

    def end(self) -> None:
        """The file is complete; the form may not be, so `finish` makes it durable."""

    def finish(self) -> StoredObject:
        """End the body and make the file durable.

        Raises:
            InvalidError: `empty` for a file of zero bytes.
            ServiceError: when the form is incomplete or the disk fails.
        """
        self._reader.finish()
        if self._writer is None or self._writer.size_bytes == 0:
            raise InvalidError("The recording has zero bytes.", code="empty")
        self._stored = self._writer.commit()
        return self._stored

    def discard(self) -> None:
        """Forget the file, as when the request was refused."""
        if self._writer is not None:
            self._writer.abort()
        if self._stored is not None:
            # Whatever the storage says now, the refusal is what the sender must hear.
            try_delete(self._storage, self._stored.key)
            self._stored = None

    def keep(self) -> None:
        """Let `discard` leave the durable file alone from here on."""
        self._stored = None

    def _open(self, header: FileHeader) -> "Reception":
        self._filename = header.filename
        self._writer = self._storage.create(f"recordings/{create_id()}")
        return self


def build_size_refusal(max_bytes: int) -> TooLargeError:
    """The refusal of a file over the limit."""
    return TooLargeError(
        f"A recording may have at most {max_bytes} bytes.", extra={"max_bytes": max_bytes}
    )
