"""`GET /metrics`: the service's figures as Prometheus reads them."""

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import PlainTextResponse
from prometheus_client import CollectorRegistry
from prometheus_client.exposition import choose_encoder

from transcriber.admin.endpoints import Checks
from transcriber.admin.metrics import ServiceCollector
from transcriber.admin.metrics_access import require_metrics_reader
from transcriber.infra.dependencies import CurrentContext
from transcriber.infra.errors import NotFoundError, UnauthenticatedError
from transcriber.infra.problems import declare_problems

router = APIRouter(tags=["health"])


@router.get(
    "/metrics",
    dependencies=[Depends(require_metrics_reader)],
    response_class=PlainTextResponse,
    responses=declare_problems(UnauthenticatedError, NotFoundError),
)
def read_metrics(request: Request, context: CurrentContext, checks: Checks) -> Response:
    """The service's figures: requests, uploads, jobs, workers, models, disks and their faults."""
    registry = CollectorRegistry()
    registry.register(ServiceCollector(context, checks))
    encode, media_type = choose_encoder(request.headers.get("accept", ""))
    # Not by `media_type=`, which would add a second charset.
    return Response(encode(registry), headers={"Content-Type": media_type})
