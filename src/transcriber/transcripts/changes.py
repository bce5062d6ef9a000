"""How the content of a transcript changes: one revision at a time, and only by adding rows."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, TypeVar

from sqlalchemy.orm import Session

from transcriber.engine.results import Segment
from transcriber.infra.audit import record_act
from transcriber.infra.clock import read_database_time
from transcriber.transcripts import repository
from transcriber.transcripts.errors import RevisionConflictError, TooManyVersionsError
from transcriber.transcripts.models import SegmentRow, TranscriptRow
from transcriber.transcripts.revisions.models import RevisionRow
from transcriber.transcripts.search.entries import add_entries, remove_entries
from transcriber.transcripts.service import describe_segment, require_transcript

MAX_VERSIONS = 1_000_000
"""Rows of one transcript: a hundred complete rewrites of eighteen hours of speech."""

Value = TypeVar("Value")
Kind = Literal["edit", "replace", "speakers", "restore"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What makes the next revision of the one before.

    Attributes:
        based_on: The revision it was made from, whose content never changes.
        kind: What was asked for.
        removed: Indexes of the segments that are part of it no more.
        added: Segments that are new, those of equal starts in their order.
        count: Operations, replacements or renamed segments.
        restored: For `restore`: the revision whose content comes back.
    """

    based_on: int
    kind: Kind
    removed: Collection[int]
    added: Sequence[Segment]
    count: int
    restored: int | None = None


@dataclass(frozen=True, slots=True)
class Written:
    """The newest revision, and what was done to make it: indexes that went, rows that came."""

    revision: int
    removed: Sequence[int]
    added: Sequence[SegmentRow]


def check_base(transcript: TranscriptRow, based_on: int) -> None:
    """Refuse a change that was made without seeing the newest revision.

    Raises:
        RevisionConflictError: with the number of the newest.
    """
    if transcript.revision != based_on:
        raise RevisionConflictError(based_on, transcript.revision)


def write_change(session: Session, user_id: str, job_id: str, change: Change) -> Written:
    """Write the next revision of the owner's transcript; a change of nothing writes nothing.

    What to write was found without the lock: a day of speech takes seconds to look through, and
    SQLite lets nobody else write meanwhile.

    Raises:
        NotFoundError: there is no such transcript of the account.
        TranscriptGoneError: it was deleted.
        RevisionConflictError: it was changed meanwhile.
        TooManyVersionsError: it keeps too many versions of its segments already.
    """
    transcript = require_transcript(session, user_id, job_id, lock=True)
    check_base(transcript, change.based_on)
    if not change.removed and not change.added:
        return Written(transcript.revision, (), ())
    first = repository.find_next_index(session, transcript)
    if first + len(change.added) > MAX_VERSIONS:
        raise TooManyVersionsError(
            f"The transcript keeps {first} versions of its segments; {MAX_VERSIONS} are the most."
        )
    number = transcript.revision + 1
    removed = sorted(change.removed)
    rows: list[SegmentRow] = []
    for some in _portion(removed):
        closed = list(repository.find_segments(session, transcript, some).values())
        announce_changes(session, closed, (), revision=number)
    for some in _portion(change.added):
        added = [
            _build_row(transcript, segment, index, number)
            for index, segment in enumerate(some, first + len(rows))
        ]
        announce_changes(session, (), added, revision=number)
        rows += added
    transcript.revision = number
    transcript.segment_count += len(rows) - len(removed)
    _record(session, transcript, change)
    return Written(number, removed, rows)


def announce_changes(
    session: Session, removed: Sequence[SegmentRow], added: Sequence[SegmentRow], *, revision: int
) -> None:
    """Close rows and add others; what follows the newest content is told here, and only here.

    Args:
        session: The transaction, which holds the transcript's lock.
        removed: Rows of the newest revision.
        added: Rows of the next one, not yet in the session.
        revision: The next one's number.
    """
    for row in removed:
        row.until = revision
    session.add_all(added)
    session.flush()
    if removed:
        remove_entries(
            session, removed[0].user_id, removed[0].job_id, [row.index for row in removed]
        )
    add_entries(session, added)


def _portion(values: Sequence[Value]) -> Iterator[Sequence[Value]]:
    # The database gives up a transaction that is silent for seconds, which a day of speech takes.
    for first in range(0, len(values), repository.INDEXES_AT_ONCE):
        yield values[first : first + repository.INDEXES_AT_ONCE]


def _record(session: Session, transcript: TranscriptRow, change: Change) -> None:
    session.add(
        RevisionRow(
            job_id=transcript.job_id,
            generation=transcript.generation,
            number=transcript.revision,
            user_id=transcript.user_id,
            kind=change.kind,
            restored=change.restored,
            change_count=change.count,
            removed_count=len(change.removed),
            added_count=len(change.added),
            created_at=read_database_time(session),
        )
    )
    record_act(
        session,
        actor=f"account:{transcript.user_id}",
        action="transcript.edit",
        object_id=transcript.job_id,
        user_id=transcript.user_id,
        detail=f"revision {transcript.revision} ({change.kind})",
    )


def _build_row(
    transcript: TranscriptRow, segment: Segment, index: int, revision: int
) -> SegmentRow:
    return SegmentRow(
        job_id=transcript.job_id,
        generation=transcript.generation,
        user_id=transcript.user_id,
        index=index,
        since=revision,
        **describe_segment(segment),
    )
