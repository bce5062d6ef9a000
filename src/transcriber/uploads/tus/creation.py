"""Beginning an upload over tus: from what its headers say, or from others that are joined."""

from dataclasses import dataclass

from pydantic import ValidationError

from transcriber.infra.clock import read_database_time
from transcriber.infra.context import Context
from transcriber.infra.database import UnitOfWork
from transcriber.infra.errors import BadRequestError, InvalidError
from transcriber.infra.idempotency import KeyedRequest, create_once, hash_content, is_repeated
from transcriber.jobs.form import JobChoices
from transcriber.jobs.options import write_options
from transcriber.jobs.staged import choose_model
from transcriber.recordings.quota import join_uploads
from transcriber.uploads import repository
from transcriber.uploads.errors import UploadIncompleteError
from transcriber.uploads.models import TUS, Upload
from transcriber.uploads.schemas import UploadRequest
from transcriber.uploads.service import (
    INITIALIZE_ROUTES,
    NewUpload,
    UploadService,
    build_unknown_upload,
    check_size,
    require_present,
)
from transcriber.uploads.states import UploadState
from transcriber.uploads.tus.errors import PieceConflictError
from transcriber.uploads.tus.headers import Concat, read_metadata
from transcriber.uploads.verification import Claim, take_claim

DEFAULT_NAME = "recording"
_NAMES = ("filename", "name")


@dataclass(frozen=True, slots=True, kw_only=True)
class Announcement:
    """What a client says of an upload that begins.

    Attributes:
        user_id: Whose it is.
        size_bytes: None where the pieces say it.
        metadata: As it came.
        concat: See `Concat`.
        idempotency_key: See `infra.idempotency`.
    """

    user_id: str
    size_bytes: int | None
    metadata: str | None
    concat: Concat | None
    idempotency_key: str | None

    def build_upload(self, context: Context, size_bytes: int) -> NewUpload:
        """The upload as the service begins it; a piece needs no options of its own.

        Raises:
            BadRequestError: the metadata cannot be read.
            InvalidError: a value in it is not acceptable.
            ModelError: no such model is staged.
        """
        values = read_metadata(self.metadata)
        is_piece = self.concat is not None and self.concat.is_piece
        request = _read_request(values, size_bytes)
        return NewUpload(
            user_id=self.user_id,
            name=request.name,
            size_bytes=size_bytes,
            sha256=request.sha256,
            model="" if is_piece else choose_model(context.settings, request.options.model),
            options={} if is_piece else write_options(request.options.build_options()),
            idempotency_key=self.idempotency_key,
            protocol=TUS,
            tus_metadata=self.metadata,
            concat=self.concat.text if self.concat else None,
        )

    def build_join_request(self, concat: Concat) -> KeyedRequest:
        """Two are the same by what is joined and what is said of it."""
        return KeyedRequest(
            user_id=self.user_id,
            route=INITIALIZE_ROUTES[TUS],
            key=self.idempotency_key,
            request_hash=hash_content(concat.text, self.metadata),
        )


def create_upload(context: Context, announced: Announcement) -> Upload:
    """Begin an upload; its size is reserved, its options are final.

    Raises:
        ServiceError: as `Announcement.build_upload` and `UploadService.initialize` do.
    """
    if announced.size_bytes is None:
        raise BadRequestError("Upload-Length is missing.", code="bad_upload_length")
    new = announced.build_upload(context, announced.size_bytes)
    with context.database.unit_of_work() as uow:
        return UploadService(uow, context).initialize(new).upload


def join_uploads_of(
    context: Context, announced: Announcement, owner: str
) -> tuple[Upload, Claim | None]:
    """Begin the upload that is joined from pieces; asking again gives the same one.

    Returns:
        The upload, and the right to make it, where this call has begun it.

    Raises:
        NotFoundError: a piece is nobody's, or somebody else's.
        UploadGoneError: a piece expired or was cancelled.
        UploadIncompleteError: a piece has not all its bytes.
        PieceConflictError: one is no piece, or belongs to another already.
        ConflictError: `idempotency_conflict`.
        ServiceError: as `create_upload` does.
    """
    concat = announced.concat
    assert concat is not None  # noqa: S101 -- whoever calls has read it
    request = announced.build_join_request(concat)
    with context.database.unit_of_work() as uow:
        session, user_id = uow.session, announced.user_id
        # Of a request that is repeated the pieces may be gone by now.
        is_known = is_repeated(session, request)
        pieces = [] if is_known else _lock_pieces(uow, user_id, concat.piece_ids)
        finals = {piece.final_id for piece in pieces}
        if len(finals) == 1 and None not in finals:
            return _find_known(uow, announced, str(finals.pop())), None
        creation = create_once(
            session, request, lambda final_id: _join(uow, context, announced, pieces, final_id)
        )
        final = repository.find_upload(session, user_id, creation.resource_id)
        if final is None:
            raise build_unknown_upload()
        if not creation.is_new:
            return final, None
        return final, take_claim(session, final, owner, context.settings.lease_seconds)


def _join(
    uow: UnitOfWork, context: Context, announced: Announcement, pieces: list[Upload], final_id: str
) -> None:
    for piece in pieces:
        _require_whole(uow, piece)
    size_bytes = sum(piece.size_bytes for piece in pieces)
    check_size(context.settings, size_bytes)
    now = read_database_time(uow.session)
    final = announced.build_upload(context, size_bytes).build_row(final_id, context, now)
    uow.session.add(final)
    for position, piece in enumerate(pieces):
        piece.state, piece.final_id, piece.position = UploadState.JOINED, final.id, position
        piece.updated_at = now
    uow.session.flush()
    join_uploads(uow.session, announced.user_id, len(pieces))


def _read_request(values: dict[str, str], size_bytes: int) -> UploadRequest:
    name = next((values[key] for key in _NAMES if values.get(key)), DEFAULT_NAME)
    try:
        options = JobChoices.model_validate_json(values.get("options") or "{}", strict=True)
        return UploadRequest(
            name=name, size_bytes=size_bytes, sha256=values.get("sha256") or None, options=options
        )
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        raise InvalidError(
            f"Upload-Metadata is not acceptable at {place or 'options'!r}: {first['msg']}.",
            code="bad_upload_options",
        ) from error


def _lock_pieces(uow: UnitOfWork, user_id: str, ids: tuple[str, ...]) -> list[Upload]:
    # Always in one order, so that two who join the same pieces do not wait for each other.
    found: dict[str, Upload] = {}
    for upload_id in sorted(ids):
        piece = repository.find_upload(uow.session, user_id, upload_id, lock=True)
        if piece is None:
            raise build_unknown_upload()
        found[upload_id] = piece
    return [found[upload_id] for upload_id in ids]


def _find_known(uow: UnitOfWork, announced: Announcement, final_id: str) -> Upload:
    final = repository.find_upload(uow.session, announced.user_id, final_id)
    assert announced.concat is not None  # noqa: S101 -- as above
    if final is None or final.concat != announced.concat.text:
        raise PieceConflictError("The pieces belong to another upload already.")
    return final


def _require_whole(uow: UnitOfWork, piece: Upload) -> None:
    if not piece.is_piece or piece.final_id is not None:
        raise PieceConflictError(
            f"Upload {piece.id} is no piece, or belongs to another upload already.",
            extra={"upload_id": piece.id},
        )
    require_present(piece, read_database_time(uow.session))
    if piece.offset < piece.size_bytes:
        raise UploadIncompleteError(
            f"Upload {piece.id} has {piece.offset} of its {piece.size_bytes} bytes.",
            extra={"upload_id": piece.id, "offset": piece.offset, "size_bytes": piece.size_bytes},
        )
