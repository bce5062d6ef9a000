"""What must hold of uploads, recordings and quotas at any moment when nobody is writing."""

import hashlib
import time
from collections.abc import Sequence

from sqlalchemy import select

from transcriber.infra.context import Context
from transcriber.recordings.models import Recording, StorageUsage
from transcriber.uploads.models import Upload, UploadChunk
from transcriber.uploads.states import OPEN

CLEANING_SECONDS = 60.0


def await_objects(context: Context, prefixes: Sequence[str]) -> list[str]:
    """Keys in storage once exactly these kinds are there: parts go a moment after the answer."""
    deadline = time.monotonic() + CLEANING_SECONDS
    while True:
        keys = sorted(each.key for each in context.storage.find_objects())
        if [key.split("/")[0] for key in keys] == sorted(prefixes):
            return keys
        assert time.monotonic() < deadline, keys
        time.sleep(0.05)


def check_usage(context: Context) -> None:
    """10: each account's row is the sum of its recordings and open uploads, and not negative."""
    with context.database.snapshot() as session:
        rows = {row.user_id: row for row in session.scalars(select(StorageUsage))}
        stored: dict[str, int] = {}
        for recording in session.scalars(select(Recording).where(Recording.removed_at.is_(None))):
            stored[recording.user_id] = stored.get(recording.user_id, 0) + recording.size_bytes
        reserved: dict[str, list[int]] = {}
        for upload in session.scalars(select(Upload).where(Upload.state.in_(OPEN))):
            reserved.setdefault(upload.user_id, []).append(upload.size_bytes)
    for user_id in rows.keys() | stored.keys() | reserved.keys():
        row = rows[user_id]
        assert row.stored_bytes == stored.get(user_id, 0)
        assert row.reserved_bytes == sum(reserved.get(user_id, []))
        assert row.open_uploads == len(reserved.get(user_id, []))


def check_received(context: Context) -> None:
    """An upload's count is the sum of its committed chunks."""
    with context.database.snapshot() as session:
        for upload in session.scalars(select(Upload).where(Upload.state.in_(OPEN))):
            query = select(UploadChunk.size_bytes).where(UploadChunk.upload_id == upload.id)
            assert upload.received_bytes == sum(session.scalars(query))


def check_recordings(context: Context) -> None:
    """9: each recording has the bytes of its SHA-256."""
    with context.database.snapshot() as session:
        recordings = session.scalars(select(Recording).where(Recording.removed_at.is_(None))).all()
    for recording in recordings:
        with context.storage.local_file(recording.storage_key) as path:
            assert hashlib.sha256(path.read_bytes()).hexdigest() == recording.sha256


def check_all(context: Context) -> None:
    check_usage(context)
    check_received(context)
    check_recordings(context)
