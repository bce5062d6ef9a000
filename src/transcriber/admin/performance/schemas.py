"""Shapes of the service's performance."""

from datetime import datetime

from pydantic import Field

from transcriber.infra.schemas import ResponseModel


class PercentileRead(ResponseModel):
    """A percentile, interpolated inside the bucket that it certainly lies in."""

    seconds: float
    at_least: float = Field(description="The bucket's lower bound.")
    at_most: float | None = Field(description="Its upper bound; null in the last bucket.")


class LatencyRead(ResponseModel):
    """How often and how long; percentiles are null where nothing was observed."""

    count: int
    errors: int = Field(description="Answers 5xx, or stages that failed.")
    error_rate: float | None = Field(description="Errors / count; null where nothing happened.")
    average_seconds: float | None
    p50: PercentileRead | None
    p90: PercentileRead | None
    p95: PercentileRead | None
    p99: PercentileRead | None


class RequestLatency(LatencyRead):
    """All requests, or those to a route."""

    refused: int = Field(description="Answers 4xx.")


class RouteLatency(RequestLatency):
    """One route by its template; `other` has what no route answered, as the pages."""

    method: str
    route: str


class StageLatency(LatencyRead):
    """One stage of the jobs."""

    stage: str
    stopped: int = Field(description="Cancelled, drained or lost to another worker.")


class WindowRead(ResponseModel):
    """The last so many minutes."""

    minutes: int
    processes: int = Field(description="How many wrote something in them.")
    requests: RequestLatency
    routes: list[RouteLatency] = Field(description="Most requests first.")
    stages: list[StageLatency] = Field(description="In the order of a job's life.")


class MinuteRead(ResponseModel):
    """One minute of the last hour."""

    starts_at: datetime
    requests: int
    errors: int = Field(description="Answers 5xx.")
    p50_seconds: float | None = Field(description="Null where there were no requests.")
    p95_seconds: float | None
    spans: int = Field(description="Spans transcribed.")
    span_p50_seconds: float | None
    span_p95_seconds: float | None


class PerformanceRead(ResponseModel):
    """All processes of the service together."""

    measured_at: datetime = Field(description="By the database's clock.")
    delay_seconds: float = Field(
        description="Processes write their histograms so often; the newest may be missing."
    )
    windows: list[WindowRead] = Field(description="Of 1, 5, 15 and 60 minutes.")
    over_time: list[MinuteRead] = Field(description="The last 60 minutes, the oldest first.")
