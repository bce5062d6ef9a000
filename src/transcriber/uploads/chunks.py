"""One chunk from its first byte to its committed row; everything here blocks, so it needs a thread.

No transaction is open while bytes arrive.  The order is: write, verify, make durable, commit the
row, answer.  Whatever ends it before the row leaves bytes that count for nothing.
"""

from dataclasses import dataclass
from datetime import timedelta

import structlog

from transcriber.infra.clock import read_database_time
from transcriber.infra.context import Context
from transcriber.infra.errors import BadRequestError, TooLargeError
from transcriber.infra.storage import PartWriter
from transcriber.infra.storage.parts import PartsLostError, SyncFailedError
from transcriber.uploads import repository
from transcriber.uploads.cleaning import build_assembly
from transcriber.uploads.counting import count_received
from transcriber.uploads.digests import Digests
from transcriber.uploads.errors import ChunkConflictError, UploadStateError
from transcriber.uploads.handles import begin_storing, build_retry, give_up_file
from transcriber.uploads.layout import ChunkPlace, locate_chunk
from transcriber.uploads.models import CHUNKS, Upload, UploadChunk
from transcriber.uploads.restarting import restart_upload
from transcriber.uploads.service import build_unknown_upload, require_receiving

TURNS = 3
"""How often the upload may change under a chunk that begins, before the client is asked again."""

_log = structlog.stdlib.get_logger(__name__)


@dataclass(slots=True, kw_only=True)
class ChunkReception:
    """A chunk on its way.

    Attributes:
        context: The process's parts.
        upload: As it was when the chunk began.
        place: Where the chunk belongs.
        digests: What its bytes are compared with.
        writer: Takes the bytes; None where the chunk is there already and is only compared.
        known: The chunk that is there.
    """

    context: Context
    upload: Upload
    place: ChunkPlace
    digests: Digests
    writer: PartWriter | None
    known: UploadChunk | None
    received_bytes: int = 0

    def feed(self, data: bytes | bytearray) -> None:
        """Take the next bytes.

        Raises:
            TooLargeError: more than the chunk has.
            ServiceError: when they cannot be stored.
        """
        if self.received_bytes + len(data) > self.place.size_bytes:
            raise build_length_refusal(self.place)
        if self.writer is not None:
            self.writer.write(data)
        self.digests.update(data)
        self.received_bytes += len(data)

    def finish(self) -> UploadChunk:
        """Verify, make durable, commit.

        Raises:
            BadRequestError: `incomplete_chunk`, when bytes are missing.
            ChecksumMismatchError: when they are not those that were announced.
            ChunkConflictError: when other bytes are there.
            ServiceError: when they cannot be stored.
        """
        if self.received_bytes < self.place.size_bytes:
            raise build_incomplete_refusal(self.place, self.received_bytes)
        self.digests.check()
        if self.writer is None:
            return self._compare()
        try:
            receipt = self.writer.commit()
        except SyncFailedError:
            give_up_file(self.context, self.upload)
            raise
        except PartsLostError:
            restart_upload(self.context, self.upload)
            raise
        return self._commit(receipt)

    def close(self) -> None:
        """Let others write this chunk; called however it went."""
        if self.writer is not None:
            self.writer.close()

    def _compare(self) -> UploadChunk:
        assert self.known is not None  # noqa: S101 -- there is a writer otherwise
        return _require_same(self.known, self.digests.sha256)

    def _commit(self, receipt: str) -> UploadChunk:
        with self.context.database.unit_of_work() as uow:
            session = uow.session
            upload = repository.lock_upload(session, self.upload.id)
            if upload is None:
                raise build_unknown_upload()
            now = read_database_time(session)
            require_receiving(upload, now)
            if upload.handle != self.upload.handle:
                raise build_retry()
            known = repository.find_chunk(session, upload, self.place.number)
            if known is not None:
                return _require_same(known, self.digests.sha256)
            chunk = UploadChunk(
                upload_id=upload.id,
                number=self.place.number,
                start=self.place.start,
                size_bytes=self.place.size_bytes,
                sha256=self.digests.sha256,
                file=self.upload.file,
                receipt=receipt,
                committed_at=now,
            )
            session.add(chunk)
            upload.received_bytes += chunk.size_bytes
            upload.updated_at = now
            lifetime = timedelta(hours=self.context.settings.upload_expiry_hours)
            upload.expires_at = max(upload.expires_at, now + lifetime)
            count_received(uow, self.context, CHUNKS, chunk.size_bytes)
        return chunk


def open_chunk(
    context: Context, user_id: str, upload_id: str, number: int, digests: Digests
) -> ChunkReception:
    """Begin to take a chunk; the caller must `close` what it gets.

    Raises:
        NotFoundError: no such upload of the account, or no such chunk of it.
        UploadGoneError: it expired or was cancelled.
        UploadStateError: it takes no more chunks.
        PartBusyError: another request is writing this chunk.
        ServiceError: when nothing can be stored.
    """
    for _ in range(TURNS):
        upload, known = _look(context, user_id, upload_id, number)
        place = locate_chunk(upload, number)
        if known is not None:
            return _begin(context, upload, place, digests, known=known)
        if upload.handle is None and not begin_storing(context, upload):
            continue
        try:
            writer = context.storage.parts.open(
                build_assembly(upload), number, place.start, place.size_bytes
            )
        except PartsLostError:
            restart_upload(context, upload)
            continue
        try:
            # Nobody else writes this chunk from here on, but somebody may have just now.
            again, known = _look(context, user_id, upload_id, number)
            if known is None and (again.handle, again.file) == (upload.handle, upload.file):
                return _begin(context, upload, place, digests, writer=writer)
        except BaseException:
            writer.close()
            raise
        writer.close()
    raise build_retry()


def build_length_refusal(place: ChunkPlace) -> TooLargeError:
    """The refusal of a body that is longer than its chunk."""
    return TooLargeError(
        f"Chunk {place.number} has {place.size_bytes} bytes, and the body has more; "
        "nothing was kept of it.",
        code="chunk_too_long",
        extra={"size_bytes": place.size_bytes},
    )


def build_incomplete_refusal(place: ChunkPlace, received_bytes: int) -> BadRequestError:
    """The refusal of a body that is shorter than its chunk."""
    return BadRequestError(
        f"Chunk {place.number} has {place.size_bytes} bytes, and the body has {received_bytes}; "
        "nothing was kept of it.",
        code="incomplete_chunk",
        extra={"size_bytes": place.size_bytes, "received_bytes": received_bytes},
    )


def _begin(
    context: Context,
    upload: Upload,
    place: ChunkPlace,
    digests: Digests,
    *,
    writer: PartWriter | None = None,
    known: UploadChunk | None = None,
) -> ChunkReception:
    return ChunkReception(
        context=context, upload=upload, place=place, digests=digests, writer=writer, known=known
    )


def _look(
    context: Context, user_id: str, upload_id: str, number: int
) -> tuple[Upload, UploadChunk | None]:
    with context.database.snapshot() as session:
        upload = repository.find_upload(session, user_id, upload_id)
        if upload is None:
            raise build_unknown_upload()
        if upload.protocol != CHUNKS:
            raise UploadStateError(
                f"The upload was begun over {upload.protocol}: its bytes come one after the other.",
                code="other_protocol",
            )
        require_receiving(upload, read_database_time(session))
        return upload, repository.find_chunk(session, upload, number)


def _require_same(known: UploadChunk, sha256: str) -> UploadChunk:
    if known.sha256 != sha256:
        raise ChunkConflictError(
            f"Chunk {known.number} was received before with other bytes, which were kept.",
            extra={"sha256": known.sha256},
        )
    return known
