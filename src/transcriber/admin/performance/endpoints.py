"""The service's performance, for administrators."""

from fastapi import APIRouter

from transcriber.accounts.dependencies import CurrentAdmin
from transcriber.admin.performance.report import report_performance
from transcriber.admin.performance.schemas import PerformanceRead
from transcriber.infra.dependencies import CurrentContext
from transcriber.infra.errors import ForbiddenError, UnauthenticatedError
from transcriber.infra.problems import declare_problems

router = APIRouter(tags=["admin"])


@router.get(
    "/api/admin/health/performance",
    responses=declare_problems(UnauthenticatedError, ForbiddenError),
)
def read_performance(_admin: CurrentAdmin, context: CurrentContext) -> PerformanceRead:
    """Latency and errors by route and stage over 1, 5, 15 and 60 minutes, of all processes."""
    return report_performance(context.database)
