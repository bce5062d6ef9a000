"""Corrections: what each comes to, found on the revision that it is based on."""

from collections.abc import Callable, Collection, Container, Sequence
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from transcriber.engine.results import Segment
from transcriber.transcripts import repository
from transcriber.transcripts.changes import Change, Kind, check_base
from transcriber.transcripts.editing import schemas
from transcriber.transcripts.editing.draft import Draft
from transcriber.transcripts.editing.operations import apply_operations, rewrite_text
from transcriber.transcripts.editing.replacing import Replaced, replace_texts
from transcriber.transcripts.models import TranscriptRow
from transcriber.transcripts.service import read_segment, require_transcript


@dataclass(frozen=True, slots=True)
class Replacement:
    """What find and replace found, and what it comes to; `change` is None for a dry run."""

    found: Sequence[Replaced]
    change: Change | None


class StoredSegments:
    """The contents of segments by their index: those foreseen some at a time, others one by one.

    Not all at once, so that the database hears of a long edit while it works.
    """

    def __init__(
        self, session: Session, transcript: TranscriptRow, foreseen: Collection[int]
    ) -> None:
        self._session = session
        self._transcript = transcript
        self._known: dict[int, Segment] = {}
        ordered = sorted(foreseen)
        self._places = {index: place for place, index in enumerate(ordered)}
        self._ordered = ordered

    def __call__(self, index: int) -> Segment:
        """The content of a segment of the transcript."""
        if index not in self._known:
            rows = repository.find_segments(
                self._session, self._transcript, self._list_companions(index)
            )
            self._known.update((number, read_segment(row)) for number, row in rows.items())
        return self._known[index]

    def _list_companions(self, index: int) -> Sequence[int]:
        place = self._places.get(index)
        if place is None:
            return [index]
        first = place - place % repository.INDEXES_AT_ONCE
        return self._ordered[first : first + repository.INDEXES_AT_ONCE]


def plan_edit(
    session: Session, user_id: str, job_id: str, request: schemas.TranscriptEdit
) -> Change:
    """What the operations come to, all of them.

    Raises:
        NotFoundError: there is no such transcript of the account.
        TranscriptGoneError: it was deleted.
        RevisionConflictError: it was changed meanwhile.
        EditError: an operation cannot be done.
    """
    transcript = _find(session, user_id, job_id, request.revision)
    named = {number for each in request.operations for number in _list_named(each)}
    draft = open_draft(session, transcript, named)
    apply_operations(draft, request.operations, transcript.duration_seconds)
    return _describe(transcript, draft, "edit", len(request.operations))


def plan_replacement(
    session: Session, user_id: str, job_id: str, request: schemas.TextReplacement
) -> Replacement:
    """What find and replace comes to; a segment of which nothing is left is removed.

    Raises:
        NotFoundError: there is no such transcript of the account.
        TranscriptGoneError: it was deleted.
        RevisionConflictError: it was changed meanwhile.
        InvalidError: what to find or to write is not acceptable.
    """
    transcript = _find(session, user_id, job_id, request.revision)
    texts = repository.list_texts(session, transcript)
    found = replace_texts(request, ((index, text) for index, text in texts))
    if request.dry_run:
        return Replacement(found, None)
    changed = {each.index: each.after for each in found if each.after != each.before}

    def rewrite(index: int, segment: Segment) -> Segment | None:
        return rewrite_text(segment, changed[index]) if changed[index] else None

    draft = _rewrite(open_draft(session, transcript, changed), changed, rewrite)
    count = sum(each.count for each in found)
    return Replacement(found, _describe(transcript, draft, "replace", count))


def plan_renames(
    session: Session, user_id: str, job_id: str, request: schemas.SpeakerRenames
) -> Change:
    """What it comes to, to rename speakers throughout; counts the segments.

    Raises:
        NotFoundError: there is no such transcript of the account.
        TranscriptGoneError: it was deleted.
        RevisionConflictError: it was changed meanwhile.
    """
    transcript = _find(session, user_id, job_id, request.revision)
    names = {each.speaker: each.name for each in request.renames if each.speaker != each.name}
    indexes = repository.list_spoken_by(session, transcript, names)

    def rewrite(_index: int, segment: Segment) -> Segment:
        return replace(segment, speaker=names[segment.speaker])

    draft = _rewrite(open_draft(session, transcript, indexes), frozenset(indexes), rewrite)
    return _describe(transcript, draft, "speakers", len(indexes))


def open_draft(session: Session, transcript: TranscriptRow, foreseen: Collection[int]) -> Draft:
    """The newest revision as a draft; `foreseen` are segments whose content will be asked for."""
    outline = repository.list_outline(session, transcript, transcript.revision)
    stored = StoredSegments(session, transcript, foreseen)
    return Draft(((index, start, end) for index, start, end in outline), stored)


def _find(session: Session, user_id: str, job_id: str, based_on: int) -> TranscriptRow:
    transcript = require_transcript(session, user_id, job_id)
    check_base(transcript, based_on)
    return transcript


def _rewrite(
    draft: Draft, indexes: Container[int], rewrite: Callable[[int, Segment], Segment | None]
) -> Draft:
    # From the end, because a segment that is removed moves those behind it.
    for place in reversed(range(len(draft.lines))):
        index = draft.lines[place].index
        if index is None or index not in indexes:
            continue
        content = rewrite(index, draft.get(place))
        if content is None:
            draft.remove(place)
        else:
            draft.set(place, content)
    return draft


def _describe(transcript: TranscriptRow, draft: Draft, kind: Kind, count: int) -> Change:
    difference = draft.compare()
    return Change(
        based_on=transcript.revision,
        kind=kind,
        removed=difference.removed,
        added=difference.added,
        count=count,
    )


def _list_named(operation: schemas.Operation) -> list[int]:
    if isinstance(operation, schemas.Insert):
        return []
    following = [operation.following] if isinstance(operation, schemas.Merge) else []
    return [operation.segment, *following]
