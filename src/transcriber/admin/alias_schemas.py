"""Shapes of the operator's route about aliases."""

from datetime import datetime
from typing import Literal

from pydantic import Field

from transcriber.infra.paging import Page
from transcriber.infra.schemas import ResponseModel
from transcriber.infra.settings import Settings
from transcriber.uploads.aliases.schedule import AliasSchedule


class AliasUseRead(ResponseModel):
    """How often one account's client used one alias or the legacy header, in whatever phase."""

    alias: str = Field(description="A path, or the legacy header `X-User-ID`.")
    client: str = Field(description="The product its User-Agent names, `other`, or `unknown`.")
    user_id: str
    uses: int
    first_used_at: datetime
    last_used_at: datetime


class AliasScheduleRead(ResponseModel):
    """What the aliases do now, and when they do something else."""

    phase: Literal["active", "redirecting", "gone"]
    deprecated_at: datetime
    redirect_at: datetime
    gone_at: datetime
    always_301: bool = Field(description="Whether redirects are 301 also where 308 would be.")


class AliasUsePage(Page[AliasUseRead]):
    """One page of the uses, newest use first."""

    schedule: AliasScheduleRead


def show_schedule(settings: Settings, now: datetime) -> AliasScheduleRead:
    """The answer about the schedule, as it stands at a moment."""
    schedule = AliasSchedule.of(settings)
    return AliasScheduleRead.model_validate(
        {
            "phase": str(schedule.find_phase(now)),
            "deprecated_at": schedule.deprecated_at,
            "redirect_at": schedule.redirect_at,
            "gone_at": schedule.gone_at,
            "always_301": settings.upload_alias_always_301,
        }
    )
