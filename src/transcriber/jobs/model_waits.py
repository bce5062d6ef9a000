"""Jobs that wait for their model: the reason is shown, and nobody claims them in vain."""

from collections.abc import Mapping, Sequence

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from transcriber.engine.errors import ModelError
from transcriber.jobs.models import Job
from transcriber.jobs.states import JobState


def list_wanted_models(session: Session) -> Sequence[str]:
    """The models of all jobs that are not over."""
    active = Job.state.in_([JobState.QUEUED, JobState.RUNNING])
    return session.scalars(select(Job.model).where(active).distinct()).all()


def note_problems(session: Session, problems: Mapping[str, ModelError]) -> None:
    """Show on each queued job why its model cannot be used; unchanged reasons write nothing."""
    for model, problem in problems.items():
        reason = str(problem)[:2000]
        session.execute(
            update(Job)
            .where(
                Job.model == model,
                Job.state == JobState.QUEUED,
                or_(Job.waiting_reason.is_(None), Job.waiting_reason != reason),
            )
            .values(waiting_code=problem.code, waiting_reason=reason)
            .execution_options(synchronize_session=False)
        )
