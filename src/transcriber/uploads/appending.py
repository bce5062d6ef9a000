"""Bytes that come one after the other, made the upload's chunks; everything here blocks.

Every chunk is durable and committed as soon as it is whole.  The last one, where it is not whole,
is kept as begun: its bytes are durable too, and whoever comes next goes on behind them.
"""

import hashlib
from collections.abc import Callable
from datetime import timedelta

import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from transcriber.infra.clock import read_database_time
from transcriber.infra.context import Context
from transcriber.infra.errors import ConflictError, ServiceError, TooLargeError
from transcriber.infra.storage import BegunPart, PartWriter
from transcriber.infra.storage.parts import PartsLostError, SyncFailedError
from transcriber.uploads import repository
from transcriber.uploads.cleaning import build_assembly
from transcriber.uploads.counting import count_received
from transcriber.uploads.handles import begin_storing, build_retry, give_up_file
from transcriber.uploads.layout import locate_chunk
from transcriber.uploads.models import Begun, Upload, UploadChunk
from transcriber.uploads.restarting import restart_upload

Lock = Callable[[Session], Upload]
"""Gives the upload under its row lock; it raises when no bytes may be added any more."""
End = Callable[[Session, Upload], None]
"""What happens to a locked upload in the transaction that commits its last byte."""

_log = structlog.stdlib.get_logger(__name__)


class OffsetError(ConflictError):
    """The bytes belong elsewhere than the upload goes on."""

    code = "offset_mismatch"
    title = "The upload goes on at another place."


class Appender:
    """Adds bytes at an upload's end.

    Args:
        context: The process's parts.
        upload: As it is now.
        lock: See `Lock`.
        end: See `End`; None where nothing happens.
        is_held: Whether nothing is committed before `finish`.
    """

    def __init__(
        self,
        context: Context,
        upload: Upload,
        lock: Lock,
        *,
        end: End | None = None,
        is_held: bool = False,
    ) -> None:
        self._context = context
        self._upload = upload
        self._lock = lock
        self._end = end
        self._is_held = is_held
        self._position = upload.offset
        self._held: list[UploadChunk] = []
        self._part: PartWriter | None = None
        # Held bytes are guarded by the lock of the first part: whoever else comes needs it first.
        self._gate: PartWriter | None = None
        self._sha256 = hashlib.sha256()

    @property
    def upload(self) -> Upload:
        """As of the last commit."""
        return self._upload

    def feed(self, data: bytes | bytearray) -> None:
        """Take the next bytes.

        Raises:
            TooLargeError: more than the upload has.
            PartBusyError: somebody else adds bytes here.
            ServiceError: when they cannot be stored.
        """
        if self._position + len(data) > self._upload.size_bytes:
            raise build_excess_refusal(self._upload)
        view = memoryview(data)
        while view:
            part = self._part or self._open_part()
            place = locate_chunk(self._upload, self._position // self._upload.chunk_bytes)
            piece = view[: place.start + place.size_bytes - self._position]
            part.write(piece)
            self._sha256.update(piece)
            self._position += len(piece)
            view = view[len(piece) :]
            if self._position == place.start + place.size_bytes:
                self._finish_part(part)

    def finish(self) -> Upload:
        """Make durable and commit what has not been; gives the upload as it is then.

        Raises:
            OffsetError: somebody else was faster.
            ServiceError: when it cannot be stored.
        """
        begun = self._keep_begun()
        if begun is not None or self._held:
            self._commit(self._held, begun)
            self._held = []
        return self._upload

    def abandon(self) -> None:
        """Keep what has come although the rest will not; held bytes count for nothing."""
        if self._is_held:
            return
        try:
            self.finish()
        except (ServiceError, SQLAlchemyError) as error:
            _log.info("begun_chunk_not_kept", upload_id=self._upload.id, reason=str(error))

    def close(self) -> None:
        """Let others add bytes; called however it went."""
        for part in (self._part, self._gate):
            if part is not None:
                part.close()
        self._part = self._gate = None

    def _open_part(self) -> PartWriter:
        if self._upload.handle is None and not begin_storing(self._context, self._upload):
            raise build_retry()
        number = self._position // self._upload.chunk_bytes
        place = locate_chunk(self._upload, number)
        part = self._context.storage.parts.open(
            build_assembly(self._upload), number, place.start, place.size_bytes
        )
        try:
            # Nobody else writes here from now on, but somebody may have just before.
            self._require_unchanged()
            self._sha256 = hashlib.sha256()
            if self._position > place.start:
                self._resume(part, self._upload.begun)
        except BaseException:
            part.close()
            raise
        if self._gate is None and self._is_held:
            self._gate = part
        self._part = part
        return part

    def _require_unchanged(self) -> None:
        known = self._upload
        with self._context.database.snapshot() as session:
            now = repository.find_upload(session, known.user_id, known.id)
        if now is None or (now.offset, now.handle, now.file, now.state) != (
            known.offset,
            known.handle,
            known.file,
            known.state,
        ):
            raise build_retry()

    def _resume(self, part: PartWriter, begun: Begun | None) -> None:
        if begun is None:
            raise RuntimeError("The upload's offset is within a chunk that has not begun.")
        kept = BegunPart(size_bytes=begun.size_bytes, file=begun.file, receipt=begun.receipt)
        try:
            for block in part.resume(kept):
                self._sha256.update(block)
            _require_same(self._sha256.hexdigest(), begun)
        except PartsLostError:
            _log.error("begun_chunk_lost", upload_id=self._upload.id, size_bytes=begun.size_bytes)
            self._commit([], None)
            raise

    def _finish_part(self, part: PartWriter) -> None:
        receipt = self._store(part.commit)
        number = (self._position - 1) // self._upload.chunk_bytes
        place = locate_chunk(self._upload, number)
        chunk = UploadChunk(
            upload_id=self._upload.id,
            number=number,
            start=place.start,
            size_bytes=place.size_bytes,
            sha256=self._sha256.hexdigest(),
            file=self._upload.file,
            receipt=receipt,
        )
        if self._is_held:
            self._held.append(chunk)
        else:
            self._commit([chunk], None)
        self._part = None
        if part is not self._gate:
            part.close()

    def _keep_begun(self) -> Begun | None:
        if self._part is None or self._position == self._upload.offset:
            return None
        return Begun(
            size_bytes=self._part.size_bytes,
            sha256=self._sha256.hexdigest(),
            file=self._upload.file,
            receipt=self._store(self._part.keep),
        )

    def _store(self, confirm: Callable[[], str]) -> str:
        try:
            return confirm()
        except SyncFailedError:
            give_up_file(self._context, self._upload)
            raise
        except PartsLostError:
            restart_upload(self._context, self._upload)
            raise

    def _commit(self, chunks: list[UploadChunk], begun: Begun | None) -> None:
        known = self._upload
        lifetime = timedelta(hours=self._context.settings.upload_expiry_hours)
        with self._context.database.unit_of_work() as uow:
            upload = self._lock(uow.session)
            if (upload.offset, upload.handle) != (known.offset, known.handle):
                raise build_offset_refusal(upload.offset)
            now, offset = read_database_time(uow.session), upload.offset
            for chunk in chunks:
                chunk.committed_at = now
                uow.session.add(chunk)
                upload.received_bytes += chunk.size_bytes
            upload.begun = begun
            upload.updated_at = now
            upload.expires_at = max(upload.expires_at, now + lifetime)
            if upload.received_bytes == upload.size_bytes and self._end is not None:
                self._end(uow.session, upload)
            count_received(uow, self._context, upload.protocol, upload.offset - offset)
        self._forget(known.begun, begun)
        self._upload = upload

    def _forget(self, old: Begun | None, new: Begun | None) -> None:
        if old is None or not old.receipt or old == new:
            return
        try:
            self._context.storage.parts.forget(old.receipt)
        except ServiceError as error:
            # No row names it any more, so the collection of orphans finds it.
            _log.warning("begun_chunk_left_behind", key=old.receipt, reason=error.detail)


def _require_same(sha256: str, begun: Begun) -> None:
    if sha256 != begun.sha256:
        raise PartsLostError("The storage gave back other bytes than it took; ask for the offset.")


def build_offset_refusal(offset: int) -> OffsetError:
    """The refusal of bytes for another place than where the upload goes on."""
    return OffsetError(
        f"The upload goes on at byte {offset}; nothing was kept of this.",
        extra={"offset": offset},
    )


def build_excess_refusal(upload: Upload) -> TooLargeError:
    """The refusal of more bytes than were announced."""
    return TooLargeError(
        f"The upload has {upload.size_bytes} bytes, and the body goes beyond its end; "
        "nothing was kept of it.",
        code="upload_too_long",
        extra={"size_bytes": upload.size_bytes},
    )
