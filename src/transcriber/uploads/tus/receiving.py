"""The body of a request over tus: added at the upload's end, and kept as far as it came."""

from dataclasses import dataclass

from sqlalchemy.orm import Session
from starlette.requests import ClientDisconnect, Request

from transcriber.infra.body_stream import BodyReader, Pace
from transcriber.infra.clock import read_database_time
from transcriber.infra.context import Context
from transcriber.infra.disk_threads import DiskThreads
from transcriber.infra.errors import (
    BadRequestError,
    ForbiddenError,
    RequestTimeoutError,
    ServiceError,
)
from transcriber.uploads import repository
from transcriber.uploads.appending import Appender, build_excess_refusal, build_offset_refusal
from transcriber.uploads.finalizing import Verifier
from transcriber.uploads.models import TUS, Upload
from transcriber.uploads.service import build_unknown_upload, require_receiving
from transcriber.uploads.tus.headers import BodyChecksum, read_checksum
from transcriber.uploads.verification import Claim, take_claim


@dataclass(frozen=True, slots=True)
class Receiver:
    """The parts of this process that take bytes."""

    context: Context
    threads: DiskThreads
    verifier: Verifier


@dataclass(frozen=True, slots=True)
class Place:
    """Where bytes belong: in an upload of an account, from an offset on."""

    user_id: str
    upload_id: str
    offset: int


class Reception:
    """A body on its way; everything here blocks.

    Args:
        context: The process's parts.
        place: Where the body belongs.
        owner: Who verifies the upload once it is whole.
        checksum: What the body is compared with; nothing of it is committed before.
        length: Of the body, where it is known; of another nothing is committed before its end.

    Raises:
        NotFoundError: no such upload of the account.
        ForbiddenError: its bytes are those of others.
        UploadGoneError, UploadStateError: it takes no bytes.
        OffsetError: it goes on at another place.
        TooLargeError: the body goes beyond its end.
    """

    def __init__(
        self,
        context: Context,
        place: Place,
        owner: str,
        checksum: BodyChecksum | None,
        length: int | None,
    ) -> None:
        self._context = context
        self._place = place
        self._owner = owner
        self._checksum = checksum
        self.claim: Claim | None = None
        with context.database.snapshot() as session:
            upload = self._find(session)
        if upload.offset != place.offset:
            raise build_offset_refusal(upload.offset)
        if length is not None and place.offset + length > upload.size_bytes:
            raise build_excess_refusal(upload)
        is_held = checksum is not None or length is None
        self._appender = Appender(context, upload, self._lock, end=self._end, is_held=is_held)

    def feed(self, data: bytes | bytearray) -> None:
        """Take the next bytes."""
        if self._checksum is not None:
            self._checksum.update(data)
        self._appender.feed(data)

    def finish(self) -> Upload:
        """Compare, make durable, commit."""
        if self._checksum is not None:
            self._checksum.check()
        return self._appender.finish()

    def abandon(self) -> None:
        """Keep what has come."""
        self._appender.abandon()

    def close(self) -> None:
        """Let others add bytes."""
        self._appender.close()

    def _find(self, session: Session, *, lock: bool = False) -> Upload:
        upload = repository.find_upload(
            session, self._place.user_id, self._place.upload_id, lock=lock
        )
        if upload is None or upload.protocol != TUS:
            raise build_unknown_upload()
        if upload.is_joined:
            raise ForbiddenError("The upload is joined from others and takes no bytes.")
        require_receiving(upload, read_database_time(session))
        return upload

    def _lock(self, session: Session) -> Upload:
        return self._find(session, lock=True)

    def _end(self, session: Session, upload: Upload) -> None:
        if not upload.is_piece:
            upload.tries = 0
            seconds = self._context.settings.lease_seconds
            self.claim = take_claim(session, upload, self._owner, seconds)


async def receive_bytes(request: Request, receiver: Receiver, place: Place) -> Upload:
    """Add the request's body to the upload, which is verified as soon as it is whole.

    Raises:
        BodyChecksumError: the body is not what was announced; nothing was kept of it.
        RequestTimeoutError: it came too slowly; what came was kept.
        starlette.requests.ClientDisconnect: the client is gone; the same.
        ServiceError: as `Reception` and `Appender` do.
    """
    context, threads = receiver.context, receiver.threads
    body = BodyReader(request, Pace.of(context.settings))
    try:
        checksum = read_checksum(request.headers.get("upload-checksum"))
        length = _read_length(request)
        reception = await threads.run(
            Reception, context, place, receiver.verifier.owner, checksum, length
        )
        try:
            async for batch in body.read_batches():
                await threads.run(reception.feed, batch)
            upload = await threads.run(reception.finish)
        except (ClientDisconnect, RequestTimeoutError):
            await threads.run(reception.abandon)
            raise
        finally:
            reception.close()
    except ServiceError:
        await body.linger()
        raise
    if reception.claim is not None:
        receiver.verifier.start(reception.claim)
    return upload


def _read_length(request: Request) -> int | None:
    text = request.headers.get("content-length")
    if text is None:
        return None
    if not text.isdecimal():
        raise BadRequestError("Content-Length is not a number.")
    return int(text[:20])
