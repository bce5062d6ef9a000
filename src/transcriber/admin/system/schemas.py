"""Shapes of the system's health."""

from datetime import datetime
from typing import Literal

from pydantic import Field

from transcriber.admin.system.act_schemas import CollectionRead, DrainRead, ValidationHealth
from transcriber.infra.schemas import ResponseModel

Part = Literal["database", "broker", "storage", "disk", "workers", "models", "process"]
WorkerState = Literal["ready", "refusing", "draining", "drained", "stale"]
ModelState = Literal["valid", "damaged", "missing", "unchecked"]
ChecksumState = Literal["official", "differs", "unknown"]


class ServiceRead(ResponseModel):
    """The API process that answers."""

    version: str
    python: str
    environment: Literal["development", "production"]
    host: str
    pid: int
    started_at: datetime
    uptime_seconds: float
    is_draining: bool


class DatabaseHealth(ResponseModel):
    """The database; `problem` says why the rest is null."""

    problem: str | None
    kind: Literal["sqlite", "postgresql"]
    version: str | None
    latency_seconds: float | None = Field(description="Of the shortest question there is.")
    revision: str | None
    expected_revision: str
    size_bytes: int | None


class BrokerHealth(ResponseModel):
    """The broker; `problem` says why the rest is null."""

    problem: str | None
    kind: Literal["embedded", "redis", "amqp"]
    latency_seconds: float | None = Field(description="Of a fresh connection.")
    tokens: int | None = Field(description="Wake-ups that no worker has taken yet.")


class DiskRead(ResponseModel):
    """One disk of the machine that answers, and what lies on it."""

    places: list[Literal["data", "storage", "scratch", "models", "model_cache"]]
    total_bytes: int
    free_bytes: int
    low_water_bytes: int = Field(description="Below it nothing new is accepted.")
    is_low: bool


class AccountStorage(ResponseModel):
    """What one account stores."""

    user_id: str
    name: str | None = Field(description="Null where there is no such account any more.")
    stored_bytes: int
    reserved_bytes: int
    open_uploads: int


class StoredRead(ResponseModel):
    """What the service keeps, as the database knows it."""

    recordings: int = Field(description="Those that still have their audio.")
    recordings_bytes: int
    open_uploads: int
    uploads_reserved_bytes: int
    uploads_received_bytes: int
    transcripts: int
    transcripts_bytes: int | None = Field(
        description="With their history and search index; null on SQLite, which cannot tell."
    )
    accounts: list[AccountStorage] = Field(description="The 20 that store most.")


class StorageHealth(ResponseModel):
    """Where the bytes are."""

    problem: str | None
    kind: Literal["local", "s3"]
    disks: list[DiskRead]
    stored: StoredRead | None = Field(description="Null while the database does not say.")
    collection: CollectionRead | None = Field(
        description="The one that was asked for last; null where none was within a week."
    )


class HeldSpanRead(ResponseModel):
    """The span that a worker holds, as the database has it."""

    job_id: str
    index: int = Field(description="-1 is the planning of the job.")
    start: float
    end: float
    done_seconds: float
    since: datetime | None
    lease_until: datetime | None


class WorkerHealth(ResponseModel):
    """One worker process; what it said itself is as old as its heartbeat."""

    id: str
    state: WorkerState
    host: str
    pid: int
    started_at: datetime
    seen_at: datetime
    silent_seconds: float
    not_ready_reason: str | None
    span: HeldSpanRead | None
    model: str | None = Field(description="What it has loaded.")
    device: str | None = Field(description="What that runs on, and how it computes.")
    resident_bytes: int | None
    memory_free_bytes: int | None = Field(description="What it could have for models.")
    memory_total_bytes: int | None = Field(description="What all of its machine may have.")
    reconciled_at: datetime | None = Field(
        description="When its reconciler last ended a round; null where another's does the work."
    )
    drain: DrainRead | None = Field(description="Null while it may work.")
    validation_id: str | None = Field(description="The validation that it last carried out.")
    validated_at: datetime | None
    refused_models: dict[str, str] = Field(
        description="The models that it could not use then, and why, by their names."
    )


class ModelRefusal(ResponseModel):
    """Why a worker could not use a model when it last validated it."""

    worker_id: str
    problem: str


class ModelHealth(ResponseModel):
    """One staged model, as validation on the machine that answers found it."""

    name: str
    kind: Literal["checkpoint", "ctranslate2"] | None
    state: ModelState
    is_default: bool
    is_present: bool
    is_readable: bool | None = Field(description="Null while it is being examined.")
    size_bytes: int | None
    sha256: str | None
    checksum: ChecksumState | None = Field(
        description="Whether it is OpenAI's file of that name; `unknown` where there is none."
    )
    is_converted: bool | None
    languages: int | None
    warning: str | None
    problem: str | None
    loaded_by: list[str] = Field(description="Ids of the live workers that have it in memory.")
    examined_at: datetime | None = Field(
        description="When the process that answers last read its files; null where it has not."
    )
    refused_by: list[ModelRefusal] = Field(
        description="Live workers that could not use it at their last validation."
    )


class HealthProblem(ResponseModel):
    """One thing that is wrong."""

    part: Part
    detail: str = Field(description="One sentence.")


class SystemHealth(ResponseModel):
    """Every part of the service, as far as it answered within two seconds."""

    checked_at: datetime = Field(description="By the clock of the machine that answers.")
    problems: list[HealthProblem] = Field(description="Empty while all is well.")
    service: ServiceRead
    database: DatabaseHealth
    broker: BrokerHealth
    storage: StorageHealth
    workers_problem: str | None = Field(description="Why the workers are not known.")
    workers: list[WorkerHealth]
    models_problem: str | None = Field(description="Why the models are not known.")
    models: list[ModelHealth]
    validation: ValidationHealth | None = Field(
        description="The one that was asked for last; null where none was within a week."
    )
