"""Refusals about transcripts and their revisions."""

from transcriber.infra.errors import ConflictError, GoneError, InvalidError


class TranscriptGoneError(GoneError):
    """The owner deleted it; the job and its recording may still be there."""

    code = "transcript_deleted"
    title = "The transcript was deleted."


class RevisionConflictError(ConflictError):
    """The change was based on another revision than the newest."""

    code = "revision_conflict"
    title = "The transcript was changed meanwhile."

    def __init__(self, based_on: int, newest: int) -> None:
        super().__init__(
            f"The change is based on revision {based_on} and the newest is {newest}: read it, and "
            "make the change again.",
            extra={"revision": newest},
        )


class TooManyVersionsError(ConflictError):
    """The transcript holds as many versions of its segments as may be kept."""

    code = "too_many_versions"
    title = "The transcript keeps too many versions of its segments."


class EditError(InvalidError):
    """An operation cannot be done; `operation` is its place in the request, from 0."""

    code = "bad_edit"
    title = "An operation cannot be done."

    def __init__(self, detail: str, *, code: str, operation: int) -> None:
        super().__init__(detail, code=code, extra={"operation": operation})
