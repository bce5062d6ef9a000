"""The rounds over uploads that nobody waits for: what a process left, what expired, what ended."""

from datetime import timedelta
from functools import partial

import structlog
from sqlalchemy import delete, select

from transcriber.infra.clock import read_database_time
from transcriber.infra.context import Context
from transcriber.infra.idempotency import KEEP_FOR, forget_keys_of
from transcriber.infra.ownership import for_everybody
from transcriber.uploads import repository
from transcriber.uploads.cleaning import clean_upload
from transcriber.uploads.finalizing import take_over_verifications
from transcriber.uploads.models import Upload
from transcriber.uploads.service import end_upload
from transcriber.uploads.states import ENDED, UploadState

GRACE = timedelta(hours=1)
"""From the end of an upload until its bytes go, so that whoever still writes has ended."""
BATCH = 50

_log = structlog.stdlib.get_logger(__name__)


def keep_uploads_up(context: Context, owner: str) -> None:
    """One round; whatever fails is tried again with the next.

    Raises:
        sqlalchemy.exc.OperationalError: when the database is away.
    """
    expire_uploads(context)
    clean_ended_uploads(context)
    forget_uploads(context)
    take_over_verifications(context, owner)


@for_everybody
def expire_uploads(context: Context) -> int:
    """End what took no chunk for too long; returns how many."""
    with context.database.snapshot() as session:
        now = read_database_time(session)
        query = select(Upload.id).where(
            Upload.state == UploadState.RECEIVING, Upload.expires_at <= now
        )
        waiting = session.scalars(query.order_by(Upload.expires_at).limit(BATCH)).all()
    return sum(_expire(context, upload_id) for upload_id in waiting)


@for_everybody
def clean_ended_uploads(context: Context) -> int:
    """Remove the bytes of what ended longer ago than the grace; returns of how many."""
    with context.database.snapshot() as session:
        now = read_database_time(session)
        query = select(Upload).where(Upload.cleaned_at.is_(None), Upload.ended_at <= now - GRACE)
        waiting = session.scalars(query.order_by(Upload.ended_at).limit(BATCH)).all()
    return sum(map(partial(clean_upload, context), waiting))


@for_everybody
def forget_uploads(context: Context) -> int:
    """Remove the rows of what ended long ago and has no bytes left; returns how many."""
    with context.database.snapshot() as session:
        now = read_database_time(session)
        query = select(Upload.id).where(
            Upload.state.in_(ENDED),
            Upload.cleaned_at.is_not(None),
            Upload.ended_at <= now - KEEP_FOR,
        )
        waiting = session.scalars(query.limit(BATCH)).all()
    if waiting:
        with context.database.unit_of_work() as uow:
            for upload_id in waiting:
                forget_keys_of(uow.session, upload_id)
            uow.session.execute(delete(Upload).where(Upload.id.in_(waiting)))
    return len(waiting)


def _expire(context: Context, upload_id: str) -> bool:
    with context.database.unit_of_work() as uow:
        upload = repository.lock_upload(uow.session, upload_id, skip_locked=True)
        now = read_database_time(uow.session)
        if upload is None or upload.state != UploadState.RECEIVING or upload.expires_at > now:
            return False
        end_upload(uow, context, upload, UploadState.EXPIRED, now)
    _log.info("upload_expired", upload_id=upload_id, received_bytes=upload.received_bytes)
    return True
