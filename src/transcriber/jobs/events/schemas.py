"""The shapes of what streams tell; each says its own kind, as the `event:` line does."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field, RootModel

from transcriber.infra.schemas import ResponseModel
from transcriber.jobs.schemas import JobRead, State


class JobSnapshotEvent(ResponseModel):
    """First on every stream: how things are at this moment, as polling would show them."""

    type: Literal["snapshot"]
    jobs: list[JobRead] = Field(
        description="The job of a job's stream; of an account those that have not ended, running "
        "ones first."
    )
    has_more: bool = Field(description="Whether the account has further jobs that have not ended.")


class JobStateEvent(ResponseModel):
    """Something happened to a job; kept, numbered, and sent again to whoever missed it."""

    type: Literal["state"]
    id: int = Field(description="The event's `id:`.")
    job_id: str
    generation: int
    attempt: int
    from_state: State | None = Field(description="Null when the job was created.")
    to_state: State = Field(description="The same as before where only the detail is news.")
    detail: str | None
    created_at: datetime
    job: JobRead | None = Field(description="The job at the time of sending; null once deleted.")


class JobDeletedEvent(ResponseModel):
    """A job is gone with all that it had; the last event about it."""

    type: Literal["deleted"]
    id: int = Field(description="The event's `id:`.")
    job_id: str
    created_at: datetime


class JobProgressEvent(ResponseModel):
    """The figures of a job changed; sent about once a second at most, and not kept."""

    type: Literal["progress"]
    job: JobRead


class StreamResetEvent(ResponseModel):
    """The `Last-Event-ID` is not one of this service's: events may have been missed."""

    type: Literal["reset"]


class JobStreamEvent(
    RootModel[
        Annotated[
            JobSnapshotEvent
            | JobStateEvent
            | JobDeletedEvent
            | JobProgressEvent
            | StreamResetEvent,
            Field(discriminator="type"),
        ]
    ]
):
    """What the `data:` of an event may be."""
