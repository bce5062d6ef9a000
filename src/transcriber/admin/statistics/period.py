"""The stretch of time that statistics are about."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated, Literal

from fastapi import Depends, Query

from transcriber.admin.audit_filters import Time
from transcriber.infra.dependencies import CurrentContext
from transcriber.infra.errors import InvalidError

DEFAULT = timedelta(hours=24)
LONGEST = timedelta(days=366)
HOURLY_UP_TO = timedelta(hours=72)
"""A longer period is told by day: more bars than that nobody can read."""

Step = Literal["hour", "day"]
SECONDS: dict[Step, int] = {"hour": 3_600, "day": 86_400}


@dataclass(frozen=True, slots=True)
class Period:
    """From `since` on, and before `until`, both UTC."""

    since: datetime
    until: datetime

    @property
    def step(self) -> Step:
        """What its throughput is told by."""
        return "hour" if self.until - self.since <= HOURLY_UP_TO else "day"

    @property
    def step_seconds(self) -> int:
        """How long a step is."""
        return SECONDS[self.step]

    def list_steps(self) -> range:
        """The numbers of all steps that it touches, counted from 1970 in UTC."""
        last = self.until - timedelta(microseconds=1)
        seconds = self.step_seconds
        return range(int(self.since.timestamp()) // seconds, int(last.timestamp()) // seconds + 1)

    def find_start(self, step: int) -> datetime:
        """When a step begins, which may be before the period does."""
        return datetime.fromtimestamp(step * self.step_seconds, UTC)

    def cut(self, length: timedelta) -> Iterator["Period"]:
        """All of it in pieces, the last of which may be shorter."""
        since = self.since
        while since < self.until:
            until = min(self.until, since + length)
            yield Period(since, until)
            since = until

    def find_part(self, step: int) -> tuple[datetime, datetime]:
        """From when on and until when a step lies in the period."""
        return max(self.since, self.find_start(step)), min(self.until, self.find_start(step + 1))


def read_period(
    context: CurrentContext,
    since: Annotated[
        Time | None,
        Query(alias="from", description="From this time on; 24 hours before `to` without."),
    ] = None,
    until: Annotated[
        Time | None, Query(alias="to", description="Before this time; now without.")
    ] = None,
) -> Period:
    """The period that a request asks for.

    Raises:
        InvalidError: when it is empty, or longer than 366 days.
    """
    end = (until or context.clock()).astimezone(UTC)
    start = (since or end - DEFAULT).astimezone(UTC)
    if start >= end:
        raise InvalidError("`from` must be before `to`.", code="empty_period")
    if end - start > LONGEST:
        raise InvalidError(f"Statistics cover {LONGEST.days} days at most.", code="period_too_long")
    return Period(start, end)


AskedPeriod = Annotated[Period, Depends(read_period)]
