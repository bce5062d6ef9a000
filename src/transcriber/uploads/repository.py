"""All SQL of uploads; what people ask for names whose uploads it is about."""

import re
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, func, select, tuple_
from sqlalchemy.orm import Session

from transcriber.infra.ownership import for_everybody
from transcriber.uploads.models import Upload, UploadChunk
from transcriber.uploads.states import NEEDED, UploadState

_OBJECT_KEY = re.compile(r"(?:parts|(?:unfinished/)?recordings)/([0-9a-f]{32})(?:/(.+))?")


def find_upload(
    session: Session, user_id: str, upload_id: str, *, lock: bool = False
) -> Upload | None:
    """The upload if it is the account's, under its row lock where it is about to change."""
    query = select(Upload).where(Upload.id == upload_id, Upload.user_id == user_id)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    return session.scalar(query)


@for_everybody
def lock_upload(session: Session, upload_id: str, *, skip_locked: bool = False) -> Upload | None:
    """The upload, whoever owns it, under its row lock: for rounds that nobody asked for."""
    query = select(Upload).where(Upload.id == upload_id).with_for_update(skip_locked=skip_locked)
    return session.scalar(query.execution_options(populate_existing=True))


def list_uploads(
    session: Session,
    user_id: str,
    *,
    states: Sequence[UploadState],
    after: tuple[datetime, str] | None,
    limit: int,
) -> Sequence[Upload]:
    """The account's uploads, newest first, from behind `after` (created_at, id)."""
    query = select(Upload).where(Upload.user_id == user_id)
    if states:
        query = query.where(Upload.state.in_(states))
    if after is not None:
        query = query.where(tuple_(Upload.created_at, Upload.id) < after)
    order = (Upload.created_at.desc(), Upload.id.desc())
    return session.scalars(query.order_by(*order).limit(limit)).all()


def list_pieces(session: Session, final: Upload, *, lock: bool = False) -> Sequence[Upload]:
    """The uploads that this one is joined from, in their order."""
    query = select(Upload).where(Upload.final_id == final.id).order_by(Upload.position)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    return session.scalars(query).all()


@for_everybody
def count_uploads_by_state(session: Session) -> dict[str, int]:
    """How many uploads of all owners are in each state; states without any are missing."""
    rows = session.execute(select(Upload.state, func.count()).group_by(Upload.state))
    return dict(rows.all())


def find_chunk(session: Session, upload: Upload, number: int) -> UploadChunk | None:
    """The committed chunk, as it is now."""
    return session.get(UploadChunk, (upload.id, number), populate_existing=True)


def list_chunks(session: Session, upload: Upload) -> Sequence[UploadChunk]:
    """The committed chunks in their order."""
    query = select(UploadChunk).where(UploadChunk.upload_id == upload.id)
    return session.scalars(query.order_by(UploadChunk.number)).all()


def list_chunk_numbers(session: Session, upload: Upload) -> Sequence[int]:
    """The numbers of the committed chunks, rising."""
    query = select(UploadChunk.number).where(UploadChunk.upload_id == upload.id)
    return session.scalars(query.order_by(UploadChunk.number)).all()


def delete_chunks(session: Session, upload: Upload, numbers: Sequence[int] | None = None) -> None:
    """Forget these chunks, or all."""
    statement = delete(UploadChunk).where(UploadChunk.upload_id == upload.id)
    if numbers is not None:
        statement = statement.where(UploadChunk.number.in_(numbers))
    session.execute(statement)


def sum_received(session: Session, upload: Upload) -> int:
    """How many bytes the committed chunks have."""
    query = select(func.coalesce(func.sum(UploadChunk.size_bytes), 0))
    return int(session.scalar(query.where(UploadChunk.upload_id == upload.id)) or 0)


@for_everybody
def find_known_keys(session: Session, keys: Sequence[str]) -> set[str]:
    """Those of `keys` that hold bytes of an open upload, whole or in parts.

    Beside keys of objects these are `parts/<id>`, as a disk names the parts of an object, and
    `unfinished/recordings/<id>/<handle>`, as an object store does, where chunks that have begun are
    objects of their own.
    """
    matches = {key: match for key in keys if (match := _OBJECT_KEY.fullmatch(key))}
    objects = {f"recordings/{match[1]}" for match in matches.values()}
    rows = session.execute(
        select(Upload.storage_key, Upload.handle).where(
            Upload.storage_key.in_(objects), Upload.state.in_(NEEDED)
        )
    )
    handles = {row.storage_key: row.handle for row in rows}
    begun = session.scalars(
        select(Upload.begun_receipt).where(Upload.begun_receipt.in_(keys), Upload.state.in_(NEEDED))
    )
    return {key for key in begun if key is not None} | {
        key
        for key, match in matches.items()
        if (name := f"recordings/{match[1]}") in handles and match[2] in {None, handles[name]}
    }
