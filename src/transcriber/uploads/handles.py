"""What the storage calls an upload's object while it grows: beginning it, and giving a file up."""

import structlog
from sqlalchemy import CursorResult, update
from sqlalchemy.exc import SQLAlchemyError

from transcriber.infra.context import Context
from transcriber.infra.errors import ConflictError
from transcriber.infra.storage import Assembly
from transcriber.infra.storage.parts import PartBusyError
from transcriber.uploads.models import Upload
from transcriber.uploads.states import OPEN

_log = structlog.stdlib.get_logger(__name__)


def begin_storing(context: Context, upload: Upload) -> bool:
    """Begin the object in the storage; tells whether this very call did, and notes the handle."""
    parts = context.storage.parts
    handle = parts.begin(upload.storage_key)
    with context.database.unit_of_work() as uow:
        result = uow.session.execute(
            update(Upload)
            .where(Upload.id == upload.id, Upload.handle.is_(None), Upload.state.in_(OPEN))
            .values(handle=handle)
        )
        assert isinstance(result, CursorResult)  # noqa: S101 -- narrows the type for rowcount
        has_begun = result.rowcount == 1
    if has_begun:
        upload.handle = handle
    else:
        key, size = upload.storage_key, upload.size_bytes
        parts.discard(Assembly(key=key, handle=handle, file=0, size_bytes=size))
    return has_begun


def give_up_file(context: Context, upload: Upload) -> None:
    """Have further chunks written to another file; the committed ones stay where they are."""
    _log.error("upload_file_given_up", upload_id=upload.id, file=upload.file)
    try:
        with context.database.unit_of_work() as uow:
            uow.session.execute(
                update(Upload)
                .where(
                    Upload.id == upload.id,
                    Upload.handle == upload.handle,
                    Upload.file == upload.file,
                )
                .values(file=upload.file + 1)
            )
    except SQLAlchemyError as error:
        # The client is told about the disk; a chunk that is sent again is written afresh.
        _log.warning("given_up_file_not_noted", upload_id=upload.id, error=str(error))


def build_retry() -> ConflictError:
    """The answer when an upload changed under a request again and again."""
    return PartBusyError(
        "The upload has just changed; ask for its state and send the chunk again.",
        headers={"Retry-After": "1"},
    )
