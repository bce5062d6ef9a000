"""Taking several recordings from one request's body: what is wrong with one harms no other."""

import structlog

from transcriber.infra.errors import InvalidError, ServiceError
from transcriber.infra.identifiers import create_id
from transcriber.infra.multipart import FileHeader, FormReader
from transcriber.infra.storage import ObjectWriter, Storage, StoredObject
from transcriber.recordings.names import UNNAMED
from transcriber.recordings.reception import (
    FILE_FIELD,
    FORM_ALLOWANCE_BYTES,
    build_size_refusal,
)

MAX_FILES = 100

_log = structlog.stdlib.get_logger(__name__)


class BatchFile:
    """One file of the form: durable bytes, or the reason why there are none.

    Attributes:
        name: As its sender calls it.
        stored: Its bytes, once they are durable; None once they are somebody else's to keep.
        error: Why it was refused.
    """

    def __init__(self, storage: Storage, header: FileHeader, *, max_bytes: int) -> None:
        self._storage = storage
        self._max_bytes = max_bytes
        self._writer: ObjectWriter | None = None
        self.name = UNNAMED
        self.stored: StoredObject | None = None
        self.error: ServiceError | None = None
        try:
            self.name = header.filename
            self._writer = storage.create(f"recordings/{create_id()}")
        except ServiceError as error:
            self._refuse(error)

    def write(self, data: bytes) -> None:
        """Take the next bytes; those of a file that was refused are passed over."""
        if self._writer is None:
            return
        try:
            if self._writer.size_bytes + len(data) > self._max_bytes:
                raise build_size_refusal(self._max_bytes)
            self._writer.write(data)
        except ServiceError as error:
            self._refuse(error)

    def end(self) -> None:
        """Make the file durable."""
        if self._writer is None:
            return
        try:
            if self._writer.size_bytes == 0:
                raise InvalidError("The recording has zero bytes.", code="empty")
            self.stored = self._writer.commit()
        except ServiceError as error:
            self._refuse(error)
        self._writer = None

    def keep(self) -> None:
        """Let `discard` leave the durable bytes alone from here on."""
        self.stored = None

    def discard(self) -> None:
        """Forget the bytes, as when the request was refused."""
        if self._writer is not None:
            self._writer.abort()
        stored, self.stored = self.stored, None
        if stored is None:
            return
        try:
            self._storage.delete(stored.key)
        except ServiceError as error:
            # The jobs of the other files are there, and their answer must be sent.
            _log.warning("object_left_behind", key=stored.key, reason=error.detail)

    def _refuse(self, error: ServiceError) -> None:
        self.error = error
        if self._writer is not None:
            self._writer.abort()
            self._writer = None


class BatchReception:
    """A multipart body with several files on its way into storage; memory stays flat.

    All methods block on the disk, so they must run in a thread.

    Args:
        storage: Where the files go.
        boundary: The form's boundary.
        max_bytes: The largest file taken; a larger one is refused by itself.
    """

    def __init__(self, storage: Storage, boundary: bytes, *, max_bytes: int) -> None:
        self._storage = storage
        self._max_bytes = max_bytes
        self._received = 0
        self.files: list[BatchFile] = []
        self._reader = FormReader(
            boundary, file_field=FILE_FIELD, open_file=self._open, max_files=MAX_FILES
        )

    @property
    def fields(self) -> dict[str, str]:
        """The text fields received so far."""
        return self._reader.fields

    def feed(self, data: bytes) -> None:
        """Take the next bytes of the body.

        Raises:
            ServiceError: when the form itself is malformed or too large; nothing of it is kept.
        """
        self._received += len(data)
        if self._received > compute_body_limit(self._max_bytes):
            raise build_size_refusal(self._max_bytes)
        self._reader.feed(data)

    def finish(self) -> list[BatchFile]:
        """End the body; the files in the order they came in.

        Raises:
            ServiceError: when the form is incomplete or holds no file.
        """
        self._reader.finish()
        return self.files

    def discard(self) -> None:
        """Forget whatever nobody kept."""
        for file in self.files:
            file.discard()

    def _open(self, header: FileHeader) -> BatchFile:
        file = BatchFile(self._storage, header, max_bytes=self._max_bytes)
        self.files.append(file)
        return file


def compute_body_limit(max_bytes: int) -> int:
    """The largest body of a batch whose files may have `max_bytes` each."""
    return MAX_FILES * max_bytes + FORM_ALLOWANCE_BYTES
