"""What owners do with their uploads, beside sending bytes."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from transcriber.infra.audit import record_act
from transcriber.infra.clock import read_database_time
from transcriber.infra.context import Context
from transcriber.infra.database import UnitOfWork
from transcriber.infra.errors import InvalidError, NotFoundError, TooLargeError
from transcriber.infra.idempotency import KeyedRequest, create_once, hash_content
from transcriber.infra.identifiers import create_id
from transcriber.infra.settings import Settings
from transcriber.recordings.names import clean_name
from transcriber.recordings.quota import Allowance, release_upload, reserve_upload
from transcriber.recordings.reception import build_size_refusal
from transcriber.uploads import repository
from transcriber.uploads.cleaning import clean_after_commit
from transcriber.uploads.counting import count_end
from transcriber.uploads.errors import UploadGoneError, UploadStateError
from transcriber.uploads.layout import choose_chunk_bytes, count_chunks, list_missing
from transcriber.uploads.models import CHUNKS, TUS, Upload
from transcriber.uploads.states import ENDED, OPEN, UploadState

INITIALIZE_ROUTES = {CHUNKS: "POST /uploads/", TUS: "POST /uploads/tus"}


@dataclass(frozen=True, slots=True, kw_only=True)
class NewUpload:
    """An upload as its owner announces it; `options` are final from here on.

    `chunk_bytes` is what the client would like; None leaves it to the service.  `tus_metadata` and
    `concat` are as in `Upload`.
    """

    user_id: str
    name: str
    size_bytes: int
    sha256: str | None
    model: str
    options: dict[str, Any]
    chunk_bytes: int | None = None
    idempotency_key: str | None = None
    protocol: str = CHUNKS
    tus_metadata: str | None = None
    concat: str | None = None

    def build_request(self) -> KeyedRequest:
        """Two announcements are the same by everything in them."""
        content = (self.name, self.size_bytes, self.sha256, self.model, self.options)
        return KeyedRequest(
            user_id=self.user_id,
            route=INITIALIZE_ROUTES[self.protocol],
            key=self.idempotency_key,
            request_hash=hash_content(*content, self.chunk_bytes, *filter(None, [self.concat])),
        )

    def build_row(self, upload_id: str, context: Context, now: datetime) -> Upload:
        """The upload before its first byte."""
        settings = context.settings
        return Upload(
            id=upload_id,
            user_id=self.user_id,
            name=clean_name(self.name),
            size_bytes=self.size_bytes,
            sha256=self.sha256,
            chunk_bytes=choose_chunk_bytes(
                context.storage.parts,
                self.chunk_bytes or settings.upload_chunk_bytes,
                self.size_bytes,
            ),
            options=self.options,
            model=self.model,
            storage_key=f"recordings/{create_id()}",
            file=0,
            received_bytes=0,
            begun_bytes=0,
            protocol=self.protocol,
            tus_metadata=self.tus_metadata,
            concat=self.concat,
            state=UploadState.RECEIVING,
            attempt=0,
            tries=0,
            created_at=now,
            updated_at=now,
            expires_at=now + timedelta(hours=settings.upload_expiry_hours),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadView:
    """An upload with the ranges of chunks (first, last) that have not been committed."""

    upload: Upload
    missing: list[tuple[int, int]] = field(default_factory=list[tuple[int, int]])

    @property
    def chunk_count(self) -> int:
        """Of the whole."""
        return count_chunks(self.upload.size_bytes, self.upload.chunk_bytes)


class UploadService:
    """Rules of uploads over one transaction; it never commits.

    Args:
        uow: The transaction.
        context: The process's parts.
    """

    def __init__(self, uow: UnitOfWork, context: Context) -> None:
        self._uow = uow
        self._context = context

    @property
    def _session(self) -> Session:
        return self._uow.session

    def initialize(self, new: NewUpload) -> UploadView:
        """Begin an upload: its size is reserved, its options are frozen.

        The same idempotency key with the same content gives the first upload again, whatever
        became of it.

        Raises:
            InvalidError: `empty` for zero bytes.
            TooLargeError: over the size limit.
            QuotaExceededError, TooManyUploadsError: over what the account may have.
            ConflictError: `idempotency_conflict`.
        """
        check_size(self._context.settings, new.size_bytes)
        creation = create_once(self._session, new.build_request(), lambda i: self._add(i, new))
        return self.describe(self.find(new.user_id, creation.resource_id))

    def find(self, user_id: str, upload_id: str, *, lock: bool = False) -> Upload:
        """The upload.

        Raises:
            NotFoundError: when there is none, or it is somebody else's.
        """
        upload = repository.find_upload(self._session, user_id, upload_id, lock=lock)
        if upload is None:
            raise build_unknown_upload()
        return upload

    def describe(self, upload: Upload) -> UploadView:
        """The upload with what is missing of it."""
        return describe_upload(self._session, upload)

    def cancel(self, user_id: str, upload_id: str) -> None:
        """End an upload and remove its bytes; a second time changes nothing.

        Raises:
            NotFoundError: no such upload of the account.
            UploadStateError: it has become a job, or is about to.
        """
        upload = self.find(user_id, upload_id, lock=True)
        if upload.state in {UploadState.CANCELLED, UploadState.EXPIRED}:
            return
        if upload.state != UploadState.RECEIVING:
            raise UploadStateError(
                "The upload is complete; cancel or delete the job that it became."
                if upload.state == UploadState.COMPLETED
                else f"The upload is {upload.state} and cannot be cancelled any more."
            )
        now = read_database_time(self._session)
        end_upload(self._uow, self._context, upload, UploadState.CANCELLED, now)
        audit_upload(self._session, "upload.cancel", upload)
        clean_after_commit(self._uow, self._context, upload)

    def _add(self, upload_id: str, new: NewUpload) -> None:
        settings = self._context.settings
        reserve_upload(self._session, new.user_id, new.size_bytes, Allowance.of(settings))
        now = read_database_time(self._session)
        self._session.add(new.build_row(upload_id, self._context, now))
        self._session.flush()


def check_size(settings: Settings, size_bytes: int) -> None:
    """Refuse what no recording may have.

    Raises:
        InvalidError: `empty` for zero bytes.
        TooLargeError: over the size limit.
    """
    if size_bytes == 0:
        raise InvalidError("The recording has zero bytes.", code="empty")
    limit = settings.max_upload_bytes
    if size_bytes > limit:
        raise _add_size(build_size_refusal(limit), size_bytes)


def describe_upload(session: Session, upload: Upload) -> UploadView:
    """The upload with what is missing of it; nothing is once it has ended."""
    if upload.state not in OPEN:
        return UploadView(upload=upload)
    count = count_chunks(upload.size_bytes, upload.chunk_bytes)
    present = repository.list_chunk_numbers(session, upload)
    return UploadView(upload=upload, missing=list_missing(present, count))


def end_upload(
    uow: UnitOfWork, context: Context, upload: Upload, state: UploadState, now: datetime
) -> None:
    """Move a locked open upload to where nothing leads out of, and give back what it reserved."""
    if state not in ENDED or upload.state not in OPEN:
        raise ValueError(f"An upload that is {upload.state} does not become {state}.")
    upload.state = state
    upload.lease_owner = upload.lease_until = None
    upload.ended_at = upload.updated_at = now
    if upload.is_joined:
        for piece in repository.list_pieces(uow.session, upload, lock=True):
            piece.state = state
            piece.ended_at = piece.updated_at = now
    uow.session.flush()
    release_upload(uow.session, upload.user_id, upload.size_bytes)
    count_end(uow, context, upload.protocol, state)


def audit_upload(session: Session, action: str, upload: Upload) -> None:
    """Write down what its owner did with an upload."""
    record_act(
        session,
        actor=f"account:{upload.user_id}",
        action=action,
        object_id=upload.id,
        user_id=upload.user_id,
    )


def require_receiving(upload: Upload, now: datetime) -> None:
    """Refuse to take bytes for an upload that is not open for them.

    Raises:
        UploadGoneError: it expired or was cancelled.
        UploadStateError: all its bytes are there.
    """
    require_present(upload, now)
    if upload.state != UploadState.RECEIVING:
        raise UploadStateError(
            f"The upload is {upload.state}: all its chunks are there and none is taken any more.",
            extra={"state": str(upload.state)},
        )


def require_present(upload: Upload, now: datetime) -> None:
    """Refuse what is asked of an upload whose bytes are gone.

    Raises:
        UploadGoneError: it expired or was cancelled.
    """
    if upload.state == UploadState.CANCELLED:
        raise UploadGoneError("The upload was cancelled.", code="upload_cancelled")
    is_over = upload.state == UploadState.RECEIVING and upload.expires_at <= now
    if upload.state == UploadState.EXPIRED or is_over:
        raise UploadGoneError(
            f"The upload expired at {upload.expires_at.isoformat(timespec='seconds')}; begin anew.",
            code="upload_expired",
        )


def build_unknown_upload() -> NotFoundError:
    """The answer for an id that is nobody's, and for one that is somebody else's."""
    return NotFoundError("There is no such upload.", code="upload_not_found")


def _add_size(refusal: TooLargeError, size_bytes: int) -> TooLargeError:
    refusal.extra["size_bytes"] = size_bytes
    return refusal
