"""The system's health, for administrators."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request

from transcriber.accounts.dependencies import CurrentAdmin
from transcriber.admin.system.bounded_checks import BoundedChecks
from transcriber.admin.system.report import report_system
from transcriber.admin.system.schemas import SystemHealth
from transcriber.infra.dependencies import CurrentContext
from transcriber.infra.errors import ForbiddenError, UnauthenticatedError
from transcriber.infra.problems import declare_problems

router = APIRouter(tags=["admin"])


def get_system_checks(request: Request) -> BoundedChecks:
    """The process's checks, of which none runs twice at a time."""
    checks: BoundedChecks = request.app.state.system_checks
    return checks


Checks = Annotated[BoundedChecks, Depends(get_system_checks)]


@router.get(
    "/api/admin/health/system",
    responses=declare_problems(UnauthenticatedError, ForbiddenError),
)
def read_system_health(
    _admin: CurrentAdmin, context: CurrentContext, checks: Checks
) -> SystemHealth:
    """Database, broker, storage, workers and models, each looked at for two seconds at most."""
    return report_system(context, checks)
