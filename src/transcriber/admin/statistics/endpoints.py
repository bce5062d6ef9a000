"""Statistics of everybody's jobs, for administrators."""

from fastapi import APIRouter

from transcriber.accounts.dependencies import CurrentAdmin
from transcriber.admin.statistics.period import AskedPeriod
from transcriber.admin.statistics.report import report_jobs
from transcriber.admin.statistics.schemas import JobStats
from transcriber.infra.dependencies import CurrentContext
from transcriber.infra.errors import ForbiddenError, InvalidError, UnauthenticatedError
from transcriber.infra.problems import declare_problems

router = APIRouter(tags=["admin"])


@router.get(
    "/api/admin/jobs/stats",
    responses=declare_problems(UnauthenticatedError, ForbiddenError, InvalidError),
)
def read_job_stats(_admin: CurrentAdmin, context: CurrentContext, period: AskedPeriod) -> JobStats:
    """What ended in a period and how long it took, and how the queue stands now."""
    return report_jobs(context, period)
