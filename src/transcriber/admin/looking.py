"""An administrator's look at what is somebody else's is an act, too."""

from datetime import timedelta

from sqlalchemy.orm import Session

from transcriber.accounts.service import Principal
from transcriber.infra.audit import SERVICE, find_last_act, record_act
from transcriber.infra.clock import read_database_time
from transcriber.jobs.models import Job

ALL = "all"
"""Stands for the account where the look was at everybody's."""

ONE_LOOK = timedelta(minutes=10)
"""An open page asks again and again; so long it is one look, or it would bury all other acts."""


def record_look_at_job(
    session: Session, admin: Principal, job: Job, detail: str | None = None
) -> None:
    """Write down that an administrator looked at a job, unless it is their own."""
    if job.user_id == admin.user_id:
        return
    _record_once(session, admin, "job.read", object_id=job.id, user_id=job.user_id, detail=detail)


def record_look_at_jobs(session: Session, admin: Principal, user_id: str | None) -> None:
    """Write down that an administrator listed an account's jobs, or everybody's."""
    if user_id == admin.user_id:
        return
    _record_once(session, admin, "job.list", object_id=user_id or ALL, user_id=user_id or SERVICE)


def _record_once(
    session: Session,
    admin: Principal,
    action: str,
    *,
    object_id: str,
    user_id: str,
    detail: str | None = None,
) -> None:
    actor = f"admin:{admin.user_id}"
    last = find_last_act(session, actor=actor, action=action, object_id=object_id, detail=detail)
    if last is not None and read_database_time(session) - last < ONE_LOOK:
        return
    record_act(
        session, actor=actor, action=action, object_id=object_id, user_id=user_id, detail=detail
    )
