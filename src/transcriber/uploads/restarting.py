"""Sending an upload back to receiving, when what was received turns out not to be there."""

import structlog

from transcriber.infra.clock import read_database_time
from transcriber.infra.context import Context
from transcriber.infra.errors import ServiceError
from transcriber.infra.identifiers import create_id
from transcriber.infra.storage import Assembly
from transcriber.uploads import repository
from transcriber.uploads.cleaning import build_assembly
from transcriber.uploads.models import Upload
from transcriber.uploads.states import UploadState

_log = structlog.stdlib.get_logger(__name__)


def restart_upload(context: Context, upload: Upload) -> None:
    """Forget all chunks of the beginning that `upload` names, because the store has lost it.

    Whoever comes second finds another handle and does nothing.
    """
    with context.database.unit_of_work() as uow:
        row = repository.lock_upload(uow.session, upload.id)
        # While it is verified the store may have made an object of the parts already.
        if row is None or row.state != UploadState.RECEIVING or row.handle != upload.handle:
            return
        _log.error("upload_bytes_missing", upload_id=row.id, received_bytes=row.received_bytes)
        forget_beginning(row)
        row.updated_at = read_database_time(uow.session)
        repository.delete_chunks(uow.session, row)
    if upload.handle is not None:
        discard_beginning(context, build_assembly(upload))


def forget_beginning(upload: Upload) -> None:
    """Let the next chunk begin in the storage anew; the rows of the chunks are the caller's.

    The key is another, so that nothing that is still under way for the old one can harm the new.
    """
    upload.storage_key = f"recordings/{create_id()}"
    upload.handle = None
    upload.file = 0
    upload.received_bytes = 0
    upload.begun = None


def discard_beginning(context: Context, assembly: Assembly) -> None:
    """Remove what was stored for a beginning that no row names; if not, the collection does."""
    try:
        context.storage.parts.discard(assembly)
        context.storage.delete(assembly.key)
    except ServiceError as error:
        _log.warning("parts_left_behind", key=assembly.key, reason=error.detail)
