"""Rules of revisions: what lies between two, and how an earlier one comes back."""

from sqlalchemy.orm import Session

from transcriber.transcripts import repository
from transcriber.transcripts.changes import Change, check_base, write_revision
from transcriber.transcripts.editing.draft import Line
from transcriber.transcripts.editing.service import open_draft
from transcriber.transcripts.models import SegmentRow, TranscriptRow
from transcriber.transcripts.revisions.differences import Passage, find_passages
from transcriber.transcripts.service import choose_revision, read_segment, require_transcript


def compare_revisions(
    session: Session, transcript: TranscriptRow, before: int, after: int
) -> list[Passage]:
    """The passages that differ between two revisions, in order."""
    return find_passages(
        [read_segment(row) for row in repository.list_only_in(session, transcript, before, after)],
        [read_segment(row) for row in repository.list_only_in(session, transcript, after, before)],
    )


def restore_revision(
    session: Session, user_id: str, job_id: str, number: int, *, based_on: int
) -> int:
    """Write a new revision with the content of an earlier one; returns the number of the newest.

    Nothing is taken back: what came between stays in the history, and can be restored as well.

    Raises:
        NotFoundError: there is no such transcript of the account, or no such revision of it.
        TranscriptGoneError: it was deleted.
        RevisionConflictError: it was changed meanwhile.
        TooManyVersionsError: it keeps too many versions of its segments.
    """
    transcript = require_transcript(session, user_id, job_id, lock=True)
    choose_revision(transcript, number)
    check_base(transcript, based_on)
    draft = open_draft(session, transcript, ())
    current = {line.index for line in draft.lines}
    rows = repository.list_segments(session, transcript, number)
    draft.rearrange([_build_line(row, is_stored=row.index in current) for row in rows])
    difference = draft.compare()
    change = Change(
        kind="restore",
        removed=difference.removed,
        added=difference.added,
        count=len(difference.added),
        restored=number,
    )
    return write_revision(session, transcript, change).revision


def _build_line(row: SegmentRow, *, is_stored: bool) -> Line:
    # A row that is still part of the newest revision stays; of another, a copy is made.
    if is_stored:
        return Line(row.index, row.start, row.end, read_segment(row))
    return Line(None, row.start, row.end, read_segment(row))
