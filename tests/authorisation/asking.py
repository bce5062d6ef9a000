"""Functions with a condition on an owner that no request can come to with somebody else's id.

Whoever calls them has found the owner's transcript before.  Here they are asked without that: as
somebody else, by the ids of what is the owner's.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from authorisation.matrix import Matrix
from authorisation.objects import (
    TAG,
    completed_job,
    edited_job,
    job_without_text,
    reset,
    tagged_job,
)
from authorisation.snapshot import take_settled_snapshot, take_snapshot
from transcriber.accounts.resets import repository as resets
from transcriber.accounts.resets.models import PasswordReset
from transcriber.transcripts import repository
from transcriber.transcripts.filters import TranscriptFilter
from transcriber.transcripts.models import TranscriptRow
from transcriber.transcripts.revisions.repository import list_revisions
from transcriber.transcripts.search import tsvector_index
from transcriber.transcripts.search.dialects import get_index
from transcriber.transcripts.search.entries import (
    add_entries,
    forget_entries,
    index_transcript,
    remove_entries,
)
from transcriber.transcripts.search.index import Wanted
from transcriber.transcripts.search.models import LAST_ID, SearchEntry
from transcriber.transcripts.search.query import parse_query
from transcriber.transcripts.search.repository import list_found, select_shelves
from transcriber.transcripts.tags.repository import has_tag, list_tags, replace_tags

ALL = TranscriptFilter()


@dataclass(frozen=True)
class Stranger:
    """Somebody else who knows the ids of an owner's job."""

    session: Session
    user_id: str
    owner_id: str
    job_id: str

    @property
    def transcript(self) -> TranscriptRow:
        """The row as it would be if it were the stranger's."""
        return TranscriptRow(job_id=self.job_id, generation=1, user_id=self.user_id, revision=1)

    def list_entries(self) -> set[int]:
        """Those by which the owner's segments are found."""
        query = select(SearchEntry.id).where(SearchEntry.job_id == self.job_id)
        return set(self.session.scalars(query))


def ask_as_stranger(matrix: Matrix) -> list[str]:
    """All surprises; what the owner has is left as it was but for how it is found."""
    matrix.renew()
    owner_id, user_id = matrix.cast.owner.user_id, matrix.cast.other.user_id
    database = matrix.context.database
    matrix.find_of(matrix.cast.other, completed_job)
    named = [matrix.find(kind) for kind in (job_without_text, tagged_job, edited_job)]
    reset_of = matrix.find(reset)
    found: list[str] = []
    for job_id in named:
        with database.snapshot() as session:
            stranger = Stranger(session, user_id, owner_id, job_id)
            found += [f"{name} told somebody else" for name in list_told(stranger)]
    before = take_settled_snapshot(matrix.context, owner_id)
    for job_id in named:
        with database.unit_of_work() as uow:
            change_everything(Stranger(uow.session, user_id, owner_id, job_id), reset_of)
    found += before.list_changes(take_snapshot(matrix.context, owner_id))
    with database.unit_of_work() as uow:
        stranger = Stranger(uow.session, user_id, owner_id, named[-1])
        found += [f"{name} mixed up owners" for name in list_mixed(stranger)]
    matrix.renew()
    return found


def list_told(stranger: Stranger) -> Iterator[str]:
    """The functions that tell of the owner's job."""
    session, user_id, job_id = stranger.session, stranger.user_id, stranger.job_id
    transcript, entries = stranger.transcript, stranger.list_entries()
    wanted = Wanted(
        user_id=user_id,
        query=parse_query("said"),
        after=-1,
        upto=LAST_ID,
        shelves=None,
        limit=len(entries) + 1,
    )
    tagged = select(TranscriptRow.job_id).where(TranscriptRow.job_id == job_id)
    answers = {
        "list_segments": repository.list_segments(session, transcript, 1),
        "list_outline": repository.list_outline(session, transcript, 1),
        "count_segments": repository.count_segments(session, transcript, 1),
        "list_texts": repository.list_texts(session, transcript),
        "count_speakers": repository.count_speakers(session, transcript),
        "list_spoken_by": repository.list_spoken_by(session, transcript, [None]),
        "find_segments": repository.find_segments(session, transcript, [0]),
        "find_next_index": repository.find_next_index(session, transcript),
        "list_dropped": repository.list_dropped(session, transcript),
        "list_revisions": list_revisions(session, transcript, before=None, limit=1),
        "list_tags": list_tags(session, user_id, job_id),
        "has_tag": session.scalars(tagged.where(has_tag(user_id, TAG))).all(),
        "list_found": list_found(session, user_id, sorted(entries)),
        "index": entries & set(get_index(session).find(session, wanted)),
        "index behind the newest": entries & find_behind_newest(session, wanted),
    }
    yield from (name for name, answer in answers.items() if answer)


def find_behind_newest(session: Session, wanted: Wanted) -> set[int]:
    """What PostgreSQL finds in another way behind so and so many, of which one is enough here."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(tsvector_index, "WALKED", 1)
        return set(get_index(session).find(session, wanted))


def change_everything(stranger: Stranger, reset_of: str) -> None:
    """Try to take the owner's job apart."""
    session, user_id, job_id = stranger.session, stranger.user_id, stranger.job_id
    repository.delete_results(session, user_id, job_id)
    replace_tags(session, user_id, job_id, {})
    remove_entries(session, user_id, job_id, [0])
    forget_entries(session, user_id, job_id)
    token_hash = session.scalar(
        select(PasswordReset.token_hash).where(PasswordReset.user_id == reset_of)
    )
    resets.use(session, user_id, str(token_hash))


def list_mixed(stranger: Stranger) -> Iterator[str]:
    """What goes wrong where the index takes the job for the stranger's."""
    session, user_id, job_id = stranger.session, stranger.user_id, stranger.job_id
    rows = repository.list_segments(
        session,
        TranscriptRow(job_id=job_id, generation=1, user_id=stranger.owner_id, revision=1),
        1,
    )
    forget_entries(session, stranger.owner_id, job_id)
    index_transcript(session, user_id, job_id, 1)
    session.flush()
    count = select(func.count()).where(SearchEntry.job_id == job_id)
    if session.scalar(count):
        yield "index_transcript"
    for each in (user_id, stranger.owner_id):
        shelves = select_shelves(each, ALL, job_id)
        if shelves is None or session.execute(shelves).all():
            yield "select_shelves"
    forget_entries(session, user_id, job_id)
    add_entries(session, rows)
