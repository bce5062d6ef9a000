"""Refusing whoever tries too often, in all processes together."""

import math
from collections.abc import Sequence

from sqlalchemy.orm import Session

from transcriber.accounts.throttling import repository
from transcriber.accounts.throttling.limits import Counted
from transcriber.infra.clock import read_database_time
from transcriber.infra.errors import RateLimitedError


def check_attempts(session: Session, counted: Sequence[Counted]) -> None:
    """Refuse when a limit is reached; reads only, so that a refusal costs no write.

    Raises:
        RateLimitedError: with Retry-After.
    """
    now = read_database_time(session)
    counts = repository.find_counts(session, [each.key for each in counted], now)
    for each in counted:
        row = counts.get(each.key)
        if row is not None and row.attempts >= each.limit.attempts:
            wait = max(1, math.ceil((row.expires_at - now).total_seconds()))
            raise RateLimitedError(
                f"Too many {each.limit.subject}; try again in {wait} seconds.",
                headers={"Retry-After": str(wait)},
            )


def record_attempt(session: Session, counted: Sequence[Counted]) -> list[int | None]:
    """Count one attempt for each limit; gives the new counts, None for those already full."""
    now = read_database_time(session)
    counts = [repository.add_attempt(session, each, now) for each in counted]
    repository.forget_ended_windows(session, now)
    return counts
