"""The system's health, for administrators."""

from fastapi import APIRouter, Request

from transcriber.accounts.dependencies import CurrentAdmin
from transcriber.admin.system.bounded_checks import BoundedChecks
from transcriber.admin.system.report import report_system
from transcriber.admin.system.schemas import SystemHealth
from transcriber.infra.dependencies import CurrentContext
from transcriber.infra.errors import ForbiddenError, UnauthenticatedError
from transcriber.infra.problems import declare_problems

router = APIRouter(tags=["admin"])


@router.get(
    "/api/admin/health/system",
    responses=declare_problems(UnauthenticatedError, ForbiddenError),
)
def read_system_health(
    _admin: CurrentAdmin, request: Request, context: CurrentContext
) -> SystemHealth:
    """Database, broker, storage, workers and models, each looked at for two seconds at most."""
    checks: BoundedChecks = request.app.state.system_checks
    return report_system(context, checks)
