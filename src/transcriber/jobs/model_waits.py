"""Jobs that wait for their model: the reason is shown, and nobody claims them in vain."""

from collections.abc import Mapping, Sequence

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from transcriber.engine.errors import ModelError
from transcriber.infra.memory_ledger import Room
from transcriber.infra.ownership import for_everybody
from transcriber.jobs.admission import MemoryShortageError, describe_shortage
from transcriber.jobs.models import Job
from transcriber.jobs.states import JobState


@for_everybody
def list_wanted_models(session: Session) -> Sequence[str]:
    """The models of all jobs that are not over."""
    active = Job.state.in_([JobState.QUEUED, JobState.RUNNING])
    return session.scalars(select(Job.model).where(active).distinct()).all()


def note_problems(
    session: Session, problems: Mapping[str, ModelError], rooms: Mapping[str, Room]
) -> None:
    """Show on each queued job why its model cannot be used; unchanged reasons write nothing.

    Args:
        session: An open write transaction.
        problems: What keeps this worker from each model.
        rooms: The memory that every live worker could have: another machine may have what ours
            has not, and then the job waits for nothing but its turn.
    """
    for model, problem in problems.items():
        if not isinstance(problem, MemoryShortageError):
            _show(session, model, problem.code, str(problem))
            continue
        known = [*rooms.values(), problem.room]
        if max(room.free_bytes for room in known) < problem.need_bytes:
            _show(session, model, problem.code, describe_shortage(problem.need_bytes, known))


@for_everybody
def _show(session: Session, model: str, code: str, reason: str) -> None:
    reason = reason[:2000]
    session.execute(
        update(Job)
        .where(
            Job.model == model,
            Job.state == JobState.QUEUED,
            or_(Job.waiting_reason.is_(None), Job.waiting_reason != reason),
        )
        .values(waiting_code=code, waiting_reason=reason)
        .execution_options(synchronize_session=False)
    )
