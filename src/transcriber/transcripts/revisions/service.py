"""Rules of revisions: what lies between two, and how an earlier one comes back."""

from collections import defaultdict

from sqlalchemy.orm import Session

from transcriber.engine.results import Segment
from transcriber.transcripts import repository
from transcriber.transcripts.changes import Change, check_base
from transcriber.transcripts.editing.draft import Line
from transcriber.transcripts.editing.service import open_draft
from transcriber.transcripts.models import TranscriptRow
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


def plan_restore(
    session: Session, user_id: str, job_id: str, number: int, *, based_on: int
) -> Change:
    """What it comes to, to make the content of an earlier revision the newest.

    Nothing is taken back: what came between stays in the history, and can be restored as well.

    Raises:
        NotFoundError: there is no such transcript of the account, or no such revision of it.
        TranscriptGoneError: it was deleted.
        RevisionConflictError: it was changed meanwhile.
    """
    transcript = require_transcript(session, user_id, job_id)
    choose_revision(transcript, number)
    check_base(transcript, based_on)
    draft = open_draft(session, transcript, ())
    draft.rearrange(_build_lines(session, transcript, number))
    difference = draft.compare()
    return Change(
        based_on=based_on,
        kind="restore",
        removed=difference.removed,
        added=difference.added,
        count=len(difference.added),
        restored=number,
    )


def _build_lines(session: Session, transcript: TranscriptRow, number: int) -> list[Line]:
    newest = transcript.revision
    gone = {row.index: row for row in repository.list_only_in(session, transcript, number, newest)}
    # What came back before stands in other rows, which stay.
    copies = defaultdict[Segment, list[int]](list)
    for row in repository.list_only_in(session, transcript, newest, number):
        copies[read_segment(row)].append(row.index)
    lines: list[Line] = []
    for index, start, end in repository.list_outline(session, transcript, number):
        if index not in gone:
            lines.append(Line(index, start, end))
            continue
        content = read_segment(gone[index])
        same = copies[content]
        lines.append(Line(same.pop(0) if same else None, start, end, content))
    return lines
