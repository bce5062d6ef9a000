"""How much the service keeps, as the database knows it."""

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from transcriber.accounts.models import Account
from transcriber.admin.system.schemas import AccountStorage, StoredRead
from transcriber.infra.database import Base, Database
from transcriber.infra.ownership import for_everybody
from transcriber.recordings.models import Recording, StorageUsage
from transcriber.transcripts.models import TranscriptRow
from transcriber.uploads.models import Upload
from transcriber.uploads.states import OPEN

ACCOUNTS_SHOWN = 20
TEXTS = "transcriber.transcripts"
_SIZE = text("SELECT COALESCE(pg_total_relation_size(to_regclass(:name)), 0)")


@for_everybody
def sum_stored(database: Database) -> StoredRead:
    """Add up what all accounts have.

    Raises:
        sqlalchemy.exc.OperationalError: when the database is away.
    """
    with database.snapshot() as session:
        stored, reserved, uploads = session.execute(
            select(
                func.coalesce(func.sum(StorageUsage.stored_bytes), 0),
                func.coalesce(func.sum(StorageUsage.reserved_bytes), 0),
                func.coalesce(func.sum(StorageUsage.open_uploads), 0),
            )
        ).one()
        received = select(func.coalesce(func.sum(Upload.received_bytes + Upload.begun_bytes), 0))
        recordings = select(func.count()).select_from(Recording)
        return StoredRead(
            recordings=session.scalar(recordings.where(Recording.removed_at.is_(None))) or 0,
            recordings_bytes=int(stored),
            open_uploads=int(uploads),
            uploads_reserved_bytes=int(reserved),
            uploads_received_bytes=int(session.scalar(received.where(Upload.state.in_(OPEN))) or 0),
            transcripts=session.scalar(select(func.count()).select_from(TranscriptRow)) or 0,
            transcripts_bytes=None if database.is_sqlite else _measure_texts(session),
            accounts=_list_largest(session),
        )


@for_everybody
def _list_largest(session: Session) -> list[AccountStorage]:
    rows = session.execute(
        select(
            StorageUsage.user_id,
            Account.name,
            StorageUsage.stored_bytes,
            StorageUsage.reserved_bytes,
            StorageUsage.open_uploads,
        )
        .outerjoin(Account, Account.id == StorageUsage.user_id)
        .order_by(
            (StorageUsage.stored_bytes + StorageUsage.reserved_bytes).desc(), StorageUsage.user_id
        )
        .limit(ACCOUNTS_SHOWN)
    )
    return [AccountStorage.model_validate(row) for row in rows]


def _measure_texts(session: Session) -> int:
    tables = {
        mapper.local_table.description
        for mapper in Base.registry.mappers
        if mapper.class_.__module__.startswith(TEXTS)
    }
    return sum(int(session.execute(_SIZE, {"name": name}).scalar_one()) for name in tables)
