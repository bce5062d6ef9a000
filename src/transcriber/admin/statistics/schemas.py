"""Shapes of the statistics of jobs."""

from datetime import datetime
from typing import Literal

from pydantic import Field

from transcriber.admin.statistics.period import Step
from transcriber.infra.schemas import ResponseModel


class JobStateCounts(ResponseModel):
    """How many jobs are in each state now."""

    queued: int = 0
    running: int = 0
    completed: int = 0
    failed: int = 0
    cancelled: int = 0
    quarantined: int = 0


class EndedJobs(ResponseModel):
    """Jobs that ended in the period, by how, and what the completed ones transcribed."""

    ended: int = 0
    completed: int = 0
    failed: int = 0
    cancelled: int = 0
    quarantined: int = 0
    audio_seconds: float = Field(
        default=0.0, description="Length of the recordings of the completed jobs."
    )
    speech_seconds: float = Field(
        default=0.0, description="What of it was speech, and therefore transcribed."
    )


class ModelStats(EndedJobs):
    """One model's share."""

    model: str


class OwnerStats(EndedJobs):
    """One account's share."""

    user_id: str
    name: str | None = Field(description="Null where there is no such account any more.")


class OtherOwners(EndedJobs):
    """The share of all accounts that are not listed by themselves."""

    owners: int = 0


class ThroughputStep(EndedJobs):
    """One hour or day of the period; the first and the last may lie in it only partly."""

    starts_at: datetime
    submitted: int = Field(default=0, description="Jobs that came in it.")


class FailureCode(ResponseModel):
    """Why jobs failed or were quarantined."""

    code: str
    jobs: int


class Spread(ResponseModel):
    """How values are spread; exact, and null where there is none."""

    average: float | None
    median: float | None
    p95: float | None = Field(description="95 of 100 values are no more; interpolated.")
    longest: float | None


class Durations(ResponseModel):
    """How long the jobs completed in the period took, in seconds, since they were last queued."""

    jobs: int
    wait: Spread = Field(description="Until a worker began.")
    run: Spread = Field(description="From then to the end, pauses between slices included.")
    total: Spread


class RealTimeFactor(ResponseModel):
    """Processing seconds of all workers / seconds of speech, for the jobs completed."""

    model: str
    device: str
    jobs: int
    median: float
    p95: float


class WaitReason(ResponseModel):
    """What queued jobs wait for that is not a worker's time."""

    code: str
    jobs: int


class QueueStats(ResponseModel):
    """How the queue stands now, as the database has it."""

    queued_jobs: int
    oldest_wait_seconds: float | None = Field(description="Null while nothing waits.")
    waiting_for: list[WaitReason]
    queued_spans: int
    running_spans: int = Field(description="Held under a lease.")
    outbox_tokens: int = Field(description="Wake-ups not published yet.")
    outbox_lag_seconds: float | None = Field(description="Age of the oldest of them.")


class BrokerStats(ResponseModel):
    """The same as the broker has it: wake-ups that no worker has taken yet."""

    answers: bool
    tokens: int | None = Field(description="Null where the broker does not say.")
    detail: str | None = Field(description="Why not, in one sentence.")


class WorkerStats(ResponseModel):
    """The same as the live workers say it, each at its last heartbeat."""

    live: int
    busy: int
    idle: int
    draining: int


DisagreementKind = Literal[
    "lease_expired",
    "lease_without_worker",
    "worker_without_lease",
    "lease_unknown_to_worker",
    "job_without_span",
    "span_of_idle_job",
    "tokens_not_published",
    "work_not_taken",
]


class Disagreement(ResponseModel):
    """Where two of these views cannot both be right, or are not for long."""

    kind: DisagreementKind
    detail: str = Field(description="One sentence.")
    count: int
    job_id: str | None = Field(description="One of the jobs concerned, where there is any.")
    worker_id: str | None = Field(description="As `job_id`.")


class JobStats(ResponseModel):
    """Everybody's jobs in a period, and the queue now."""

    since: datetime
    until: datetime
    measured_at: datetime = Field(description="By the database's clock.")
    step: Step
    states: JobStateCounts
    submitted: int
    ended: EndedJobs
    models: list[ModelStats]
    owners: list[OwnerStats] = Field(description="The 50 with the most jobs ended.")
    other_owners: OtherOwners
    failures: list[FailureCode]
    durations: Durations
    real_time_factors: list[RealTimeFactor]
    throughput: list[ThroughputStep] = Field(description="Every step of the period, in order.")
    queue: QueueStats
    broker: BrokerStats
    workers: WorkerStats
    disagreements: list[Disagreement]
