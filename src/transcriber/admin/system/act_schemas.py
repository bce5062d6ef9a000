"""Shapes of what an administrator asked of workers."""

from datetime import datetime

from pydantic import Field

from transcriber.infra.schemas import ResponseModel


class DrainRead(ResponseModel):
    """The wish that a worker takes no work."""

    worker_id: str = Field(description="The process that had the place when the wish came.")
    requested_at: datetime
    requested_by: str = Field(description="Id of the administrator.")


class ValidationRead(ResponseModel):
    """The wish that every process looks at the staged models again."""

    id: str
    requested_at: datetime
    requested_by: str = Field(description="Id of the administrator.")


class ValidationHealth(ValidationRead):
    """How far the newest of them is."""

    ended_at: datetime | None = Field(
        description="When the last worker had looked; null while one has not, or none was there."
    )
    waits_for: list[str] = Field(description="Ids of the live workers that have not looked yet.")


class CollectedRead(ResponseModel):
    """How much of each kind a collection removed."""

    jobs: int = Field(description="Over age, with all they had.")
    recordings: int = Field(description="Over age, of jobs that stay.")
    expired_uploads: int = Field(description="Uploads that took no bytes for too long.")
    cleaned_uploads: int = Field(description="Ended uploads whose bytes went.")
    forgotten_uploads: int = Field(description="Uploads that ended long ago.")
    objects: int = Field(description="Objects that could not be deleted before.")
    orphans: int = Field(description="Objects that nothing names.")
    idempotency_keys: int
    deletion_events: int = Field(description="What readers of events were told of deleted jobs.")
    audit_entries: int = Field(description="Entries of the audit log over age.")


class CollectionRead(ResponseModel):
    """A collection that was asked for."""

    id: str
    requested_at: datetime
    requested_by: str = Field(description="Id of the administrator.")
    started_at: datetime | None = Field(description="Null while it waits for a worker.")
    ended_at: datetime | None
    counts: CollectedRead | None = Field(description="What it removed; null until it has ended.")
    problem: str | None = Field(description="What could not be collected, and why.")
