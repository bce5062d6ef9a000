"""An administrator's look at what is somebody else's is an act, too."""

from sqlalchemy.orm import Session

from transcriber.accounts.service import Principal
from transcriber.infra.audit import SERVICE, record_act
from transcriber.jobs.models import Job

ALL = "all"
"""Stands for the account where the look was at everybody's."""


def record_look_at_job(
    session: Session, admin: Principal, job: Job, detail: str | None = None
) -> None:
    """Write down that an administrator looked at a job, unless it is their own."""
    if job.user_id == admin.user_id:
        return
    record_act(
        session,
        actor=f"admin:{admin.user_id}",
        action="job.read",
        object_id=job.id,
        user_id=job.user_id,
        detail=detail,
    )


def record_look_at_jobs(session: Session, admin: Principal, user_id: str | None) -> None:
    """Write down that an administrator listed an account's jobs, or everybody's."""
    if user_id == admin.user_id:
        return
    record_act(
        session,
        actor=f"admin:{admin.user_id}",
        action="job.list",
        object_id=user_id or ALL,
        user_id=user_id or SERVICE,
    )
