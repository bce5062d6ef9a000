"""Who goes next: one order for claiming and for the queue position people see.

Priority with ageing, then fewest running for the owner, then the owner least recently served.
"""

from datetime import datetime, timedelta

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Subquery,
    and_,
    case,
    cast,
    exists,
    extract,
    func,
    or_,
    select,
)

from transcriber.infra.ownership import for_everybody
from transcriber.jobs.models import AccountTurn, Job, SpanRow
from transcriber.jobs.states import JobState, SpanState

AGEING_STEP = timedelta(minutes=10)
"""A job gains one point of priority for each step its owner waits, without end: whatever the
priorities of the others, and however many come, it goes first in the end."""


@for_everybody
def is_runnable(now: datetime) -> ColumnElement[bool]:
    """Whether a job has work that a worker may take now."""
    has_work = exists().where(
        SpanRow.job_id == Job.id,
        SpanRow.generation == Job.generation,
        SpanRow.state == SpanState.QUEUED,
    )
    return and_(
        Job.state.in_([JobState.QUEUED, JobState.RUNNING]),
        Job.cancel_requested_at.is_(None),
        or_(Job.not_before.is_(None), Job.not_before <= now),
        has_work,
    )


@for_everybody
def rank_jobs(now: datetime, condition: ColumnElement[bool]) -> Subquery:
    """Jobs that meet `condition`, with columns id, user_id, model, running and place (from 1)."""
    running = (
        select(SpanRow.user_id, func.count().label("running"))
        .where(SpanRow.state == SpanState.RUNNING)
        .group_by(SpanRow.user_id)
        .subquery()
    )
    held = func.coalesce(running.c.running, 0)
    # The n-th job of an owner waits as if the n-1 before it already ran: owners take turns.
    turn = func.row_number().over(
        partition_by=Job.user_id, order_by=(Job.priority.desc(), Job.queued_at, Job.id)
    )
    ranked = (
        select(
            Job.id,
            Job.user_id,
            Job.model,
            Job.queued_at,
            held.label("running"),
            (held + turn).label("load"),
            _age_priority(now).label("rank"),
            case((AccountTurn.served_at.is_(None), 0), else_=1).label("was_served"),
            AccountTurn.served_at,
        )
        .outerjoin(running, running.c.user_id == Job.user_id)
        .outerjoin(AccountTurn, AccountTurn.user_id == Job.user_id)
        .where(condition)
        .subquery()
    )
    place = func.row_number().over(
        order_by=(
            ranked.c.rank.desc(),
            ranked.c.load,
            ranked.c.was_served,
            ranked.c.served_at,
            ranked.c.queued_at,
            ranked.c.id,
        )
    )
    return select(
        ranked.c.id, ranked.c.user_id, ranked.c.model, ranked.c.running, place.label("place")
    ).subquery()


def _age_priority(now: datetime) -> ColumnElement[int]:
    # Ageing counts from when the owner was last served, so a long backlog of one account does
    # not outgrow the others.
    waiting_since = case(
        (AccountTurn.served_at > Job.queued_at, AccountTurn.served_at), else_=Job.queued_at
    )
    since = cast(extract("epoch", waiting_since), BigInteger)
    steps = (int(now.timestamp()) - since) // int(AGEING_STEP.total_seconds())
    return Job.priority + steps
