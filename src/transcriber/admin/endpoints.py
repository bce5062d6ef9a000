"""Probes: for the process, and for the whole."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request

from transcriber.admin.readiness import check_readiness
from transcriber.admin.schemas import AliveResponse, CheckResponse, ReadyResponse
from transcriber.admin.system.bounded_checks import BoundedChecks
from transcriber.infra.dependencies import CurrentContext
from transcriber.infra.errors import UnavailableError
from transcriber.infra.problems import declare_problems

router = APIRouter(tags=["health"])


class NotReadyError(UnavailableError):
    """At least one check failed; `checks` has them all."""

    code = "not_ready"
    title = "The service is not ready."


def get_readiness_checks(request: Request) -> BoundedChecks:
    """The process's checks for probes, of which none runs twice at a time."""
    checks: BoundedChecks = request.app.state.readiness_checks
    return checks


Checks = Annotated[BoundedChecks, Depends(get_readiness_checks)]


@router.get("/healthz")
async def get_liveness() -> AliveResponse:
    """Whether the process answers; touches nothing else, so that an outage restarts nobody."""
    return AliveResponse()


@router.get("/readyz", responses=declare_problems(NotReadyError))
def get_readiness(context: CurrentContext, checks: Checks) -> ReadyResponse:
    """Whether work can be accepted and done; otherwise every failing check is listed."""
    shown = [CheckResponse.model_validate(check) for check in check_readiness(context, checks)]
    failing = [check.name for check in shown if not check.is_ok]
    if failing:
        raise NotReadyError(
            f"Not ready: {', '.join(failing)}.",
            extra={"checks": [check.model_dump() for check in shown]},
            headers={"Retry-After": "5"},
        )
    return ReadyResponse(checks=shown)
