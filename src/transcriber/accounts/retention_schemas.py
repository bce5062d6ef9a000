"""Shapes of the retention routes."""

from typing import Annotated

from pydantic import Field

from transcriber.infra.schemas import RequestModel, ResponseModel
from transcriber.infra.settings import MAX_RETENTION_DAYS

AudioDays = Annotated[
    int | None,
    Field(
        ge=0,
        le=MAX_RETENTION_DAYS,
        description="Days after a job's end until its recording goes; 0 is as soon as it ended.",
    ),
]
TranscriptDays = Annotated[
    int | None,
    Field(
        ge=1,
        le=MAX_RETENTION_DAYS,
        description="Days after a job's end until the whole job goes, with its transcript.",
    ),
]


class RetentionRequest(RequestModel):
    """A whole policy; null leaves that part to the level above."""

    audio_days: AudioDays
    transcript_days: TranscriptDays


class RetentionRead(ResponseModel):
    """A policy; null keeps."""

    audio_days: int | None
    transcript_days: int | None


class AccountRetentionRead(ResponseModel):
    """What holds for an account, and whose wish each part is."""

    operator: RetentionRead
    own: RetentionRead
    effective: RetentionRead
