"""What the index needs now and then: transcripts it lacks, and room where deleted ones were."""

import time

from sqlalchemy import exists, select
from sqlalchemy.orm import Session, aliased

from transcriber.infra.database import Database
from transcriber.transcripts.models import TranscriptRow
from transcriber.transcripts.search.dialects import get_index
from transcriber.transcripts.search.entries import index_transcript
from transcriber.transcripts.search.models import SearchTranscript

ROUND_SECONDS = 10.0
"""How long a round may go on filling; others wait for their turn of the upkeep."""


def fill_index(database: Database, seconds: float = ROUND_SECONDS) -> int:
    """Add transcripts that came before the index, or before their owner was known.

    One in each transaction, so that nobody waits for long; tells how many those were.

    Raises:
        sqlalchemy.exc.OperationalError: when the database is away.
    """
    until = time.monotonic() + seconds
    added = 0
    while time.monotonic() < until:
        with database.snapshot() as session:
            # Without a turn among the writers where there is nothing to write.
            if session.execute(_SELECT_MISSING.limit(1)).first() is None:
                break
        with database.unit_of_work() as uow:
            if not _index_next(uow.session):
                break
        added += 1
    return added


def purge_index(database: Database) -> None:
    """Overwrite what the index still holds of deleted texts.

    Raises:
        sqlalchemy.exc.OperationalError: when the database is away.
    """
    is_done = False
    while not is_done:
        with database.unit_of_work() as uow:
            is_done = get_index(uow.session).purge(uow.session)


_newer = aliased(TranscriptRow)
# Oldest first, because what comes last is found first.  Only columns that every revision has.
_SELECT_MISSING = (
    select(TranscriptRow.user_id, TranscriptRow.job_id, TranscriptRow.generation)
    .where(
        ~exists().where(SearchTranscript.job_id == TranscriptRow.job_id),
        ~exists().where(
            _newer.job_id == TranscriptRow.job_id, _newer.generation > TranscriptRow.generation
        ),
    )
    .order_by(TranscriptRow.created_at, TranscriptRow.job_id)
)


def _index_next(session: Session) -> bool:
    # Under its lock: who deletes it meanwhile waits, and then takes the entries along.
    query = _SELECT_MISSING.limit(1).with_for_update(of=TranscriptRow, skip_locked=True)
    row = session.execute(query).first()
    if row is None:
        return False
    index_transcript(session, *row)
    return True
