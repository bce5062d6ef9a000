"""Removing the parts of uploads that have ended."""

import structlog
from sqlalchemy.exc import SQLAlchemyError

from transcriber.infra.clock import read_database_time
from transcriber.infra.context import Context
from transcriber.infra.database import UnitOfWork
from transcriber.infra.errors import ServiceError
from transcriber.infra.storage import Assembly
from transcriber.uploads import repository
from transcriber.uploads.models import Upload
from transcriber.uploads.states import UploadState

_log = structlog.stdlib.get_logger(__name__)


def build_assembly(upload: Upload) -> Assembly:
    """The upload as the storage knows it; its first chunk has begun it."""
    if upload.handle is None:
        raise ValueError("Nothing was begun for this upload yet.")
    return Assembly(
        key=upload.storage_key,
        handle=upload.handle,
        file=upload.file,
        size_bytes=upload.size_bytes,
    )


def clean_after_commit(uow: UnitOfWork, context: Context, upload: Upload) -> None:
    """Remove the parts of an upload that ends with this transaction; a later round tries again."""
    ended = [upload, *repository.list_pieces(uow.session, upload)]

    def finish() -> None:
        try:
            for each in ended:
                clean_upload(context, each)
        except SQLAlchemyError as error:
            _log.warning("upload_not_marked_clean", upload_id=upload.id, error=str(error))

    uow.after_commit(finish)


def clean_upload(context: Context, upload: Upload) -> bool:
    """Remove the parts of an ended upload and say so in its row; tells whether it worked.

    Raises:
        sqlalchemy.exc.SQLAlchemyError: when the database is away; the next round comes anyway.
    """
    try:
        if upload.handle is not None:
            context.storage.parts.discard(build_assembly(upload))
        if upload.begun_receipt:
            context.storage.parts.forget(upload.begun_receipt)
        if upload.state != UploadState.COMPLETED or upload.final_id is not None:
            # A verification may have got as far as giving the object its name.
            context.storage.delete(upload.storage_key)
    except ServiceError as error:
        _log.warning("upload_left_behind", upload_id=upload.id, reason=error.detail)
        return False
    with context.database.unit_of_work() as uow:
        row = repository.lock_upload(uow.session, upload.id)
        if row is not None:
            row.begun = None
            row.cleaned_at = read_database_time(uow.session)
            repository.delete_chunks(uow.session, row)
    return True
