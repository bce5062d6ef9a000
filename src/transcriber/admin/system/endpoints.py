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
from transcriber.jobs.model_validations import HeededValidations

router = APIRouter(tags=["admin"])


def get_system_checks(request: Request) -> BoundedChecks:
    """The process's checks, of which none runs twice at a time."""
    checks: BoundedChecks = request.app.state.system_checks
    return checks


def get_heeded_validations(request: Request) -> HeededValidations:
    """What the process has heeded of what was asked for."""
    heeded: HeededValidations = request.app.state.heeded_validations
    return heeded


Checks = Annotated[BoundedChecks, Depends(get_system_checks)]
Heeded = Annotated[HeededValidations, Depends(get_heeded_validations)]


@router.get(
    "/api/admin/health/system",
    responses=declare_problems(UnauthenticatedError, ForbiddenError),
)
def read_system_health(
    _admin: CurrentAdmin, context: CurrentContext, checks: Checks, heeded: Heeded
) -> SystemHealth:
    """Database, broker, storage, workers and models, each looked at for two seconds at most."""
    return report_system(context, checks, heeded)
