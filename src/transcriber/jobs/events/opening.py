"""What a request for a stream gets: the stream, a refusal, or that there is nothing to come."""

from typing import Annotated

from fastapi import Depends, Header, Query, Request, Response, status

from transcriber.infra.errors import InvalidError, NotFoundError
from transcriber.infra.event_stream import EventStreamResponse
from transcriber.jobs.events.hub import StreamHub
from transcriber.jobs.events.pages import has_ended, read_newest_id
from transcriber.jobs.events.stream import Stream
from transcriber.jobs.events.watch import Watch
from transcriber.jobs.repository import find_job

MAX_EVENT_ID = 2**63 - 1
_FORM = r"^[0-9]{1,19}$"
_MEANING = "The `id:` of the newest event the reader has; the stream goes on behind it."


def get_hub(request: Request) -> StreamHub:
    """This process's streams."""
    hub: StreamHub = request.app.state.streams
    return hub


Streams = Annotated[StreamHub, Depends(get_hub)]


def read_resume_place(
    header: Annotated[
        str | None, Header(alias="Last-Event-ID", pattern=_FORM, description=_MEANING)
    ] = None,
    last_event_id: Annotated[
        str | None,
        Query(pattern=_FORM, description=f"{_MEANING} The header, where sent, wins."),
    ] = None,
) -> int | None:
    """Where the reader wants to go on.

    A browser repeats the address of a stream with the header of its own, so the header is newer.

    Raises:
        InvalidError: no number that an event can have.
    """
    given = header if header is not None else last_event_id
    if given is None:
        return None
    if int(given) > MAX_EVENT_ID:
        raise InvalidError(f"An event's id is a whole number up to {MAX_EVENT_ID}.")
    return int(given)


ResumePlace = Annotated[int | None, Depends(read_resume_place)]


def open_stream(hub: StreamHub, watch: Watch, after: int | None) -> Response:
    """The answer to a request for a stream.

    Raises:
        NotFoundError: no such job within the watch's scope.
    """
    with hub.database.snapshot() as session:
        if watch.job_id is not None and find_job(session, watch.scope, watch.job_id) is None:
            raise NotFoundError("There is no such job.", code="job_not_found")
        is_known = after is None or after <= read_newest_id(session)
        if is_known and after is not None and has_ended(session, watch, after):
            # To a browser this means: do not come back.
            return Response(status_code=status.HTTP_204_NO_CONTENT)
    stream = Stream(hub, watch, after=after if is_known else None, is_reset=not is_known)
    return EventStreamResponse(stream)
