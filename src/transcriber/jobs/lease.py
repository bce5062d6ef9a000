"""What a worker asks of its claim while the work runs: is it still mine, and still wanted?"""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import ColumnElement, CursorResult, and_, select, update
from sqlalchemy.orm import Session

from transcriber.infra.clock import read_database_time
from transcriber.infra.context import Context
from transcriber.jobs import checkpoints
from transcriber.jobs.claims import Claim, lock_job
from transcriber.jobs.cleaning import discard_samples
from transcriber.jobs.models import Job, SpanRow
from transcriber.jobs.states import SpanState


@dataclass(frozen=True, slots=True)
class Standing:
    """How a claim stands.

    Attributes:
        is_held: Whether nobody else has the work, and its job is there.
        cancelled_seconds: How long ago the owner asked to cancel; None when nobody did.
    """

    is_held: bool
    cancelled_seconds: float | None


def read_standing(session: Session, claim: Claim) -> Standing:
    """One read without a lock, cheap enough for every second."""
    row = session.execute(
        select(Job.cancel_requested_at)
        .join(SpanRow, SpanRow.job_id == Job.id)
        .where(_is_held(claim))
    ).one_or_none()
    if row is None:
        return Standing(is_held=False, cancelled_seconds=None)
    if row.cancel_requested_at is None:
        return Standing(is_held=True, cancelled_seconds=None)
    waited = read_database_time(session) - row.cancel_requested_at
    return Standing(is_held=True, cancelled_seconds=waited.total_seconds())


def extend_lease(
    session: Session, claim: Claim, lease_seconds: float, done_seconds: float
) -> Standing:
    """Hold the claim for another lease, tell how far it is, and read how it stands."""
    until = read_database_time(session) + timedelta(seconds=lease_seconds)
    result = session.execute(
        update(SpanRow)
        .where(_is_held(claim))
        .values(lease_until=until, done_seconds=done_seconds)
        .execution_options(synchronize_session=False)
    )
    assert isinstance(result, CursorResult)  # noqa: S101 -- narrows the type for rowcount
    if result.rowcount != 1:
        return Standing(is_held=False, cancelled_seconds=None)
    return read_standing(session, claim)


def finish_for_worker(context: Context, claim: Claim, *, is_cancelled: bool) -> None:
    """T8 or T4 in place of work that does not end: what the work would write, had it listened.

    Raises:
        LeaseLostError: the claim no longer holds; nothing was written.
        sqlalchemy.exc.SQLAlchemyError: the database is away; the reconciler will put it right.
    """
    write = checkpoints.cancel_claimed if is_cancelled else checkpoints.release_claim
    with context.database.unit_of_work() as uow:
        write(uow.session, claim, read_database_time(uow.session))
        job = lock_job(uow.session, claim.job_id)
        if job is not None:
            discard_samples(uow, context.storage, job)


def _is_held(claim: Claim) -> ColumnElement[bool]:
    return and_(
        SpanRow.job_id == claim.job_id,
        SpanRow.generation == claim.generation,
        SpanRow.index == claim.index,
        SpanRow.attempt == claim.attempt,
        SpanRow.state == SpanState.RUNNING,
    )
