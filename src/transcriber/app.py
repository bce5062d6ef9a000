"""The web application: wiring only."""

import re
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from functools import partial
from importlib.metadata import version
from pathlib import Path

from anyio import to_thread
from fastapi import APIRouter, Depends, FastAPI
from fastapi.routing import APIRoute
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from transcriber.accounts.activity_endpoints import router as activity_router
from transcriber.accounts.directory.endpoints import router as directory_router
from transcriber.accounts.endpoints import router as accounts_router
from transcriber.accounts.invitations.endpoints import router as invitations_router
from transcriber.accounts.keys.admin_endpoints import router as admin_keys_router
from transcriber.accounts.keys.endpoints import router as keys_router
from transcriber.accounts.legacy.gate import LegacyHeaderGate
from transcriber.accounts.preferences.endpoints import router as preferences_router
from transcriber.accounts.resets.endpoints import router as resets_router
from transcriber.accounts.retention_endpoints import router as retention_router
from transcriber.accounts.sign_ins.endpoints import router as sign_ins_router
from transcriber.accounts.sign_up.endpoints import router as sign_up_router
from transcriber.admin.alias_endpoints import router as admin_aliases_router
from transcriber.admin.audit_endpoints import router as audit_router
from transcriber.admin.disk_gauges import DiskGauges
from transcriber.admin.endpoints import router as admin_router
from transcriber.admin.job_endpoints import router as admin_jobs_router
from transcriber.admin.metrics_endpoints import router as metrics_router
from transcriber.admin.performance.endpoints import router as performance_router
from transcriber.admin.readiness import READINESS_SECONDS
from transcriber.admin.statistics.endpoints import router as statistics_router
from transcriber.admin.system.act_endpoints import router as acts_router
from transcriber.admin.system.bounded_checks import BoundedChecks
from transcriber.admin.system.endpoints import router as system_router
from transcriber.infra.body_guard import BodyGuard
from transcriber.infra.context import Context
from transcriber.infra.cross_origin import CrossOrigin
from transcriber.infra.disk_threads import DiskThreads
from transcriber.infra.errors import BadRequestError, ServiceError, UnavailableError
from transcriber.infra.meter import SeriesKey
from transcriber.infra.metric_families import EVENT_STREAMS
from transcriber.infra.metric_rows import Gauges
from transcriber.infra.metric_writer import MetricWriter
from transcriber.infra.openapi import install_openapi
from transcriber.infra.problem_handlers import install_problem_handlers
from transcriber.infra.problems import declare_problems
from transcriber.infra.request_scope import RequestScope
from transcriber.infra.security_headers import SecurityHeaders
from transcriber.infra.static_site import StaticSite
from transcriber.infra.strict_query import refuse_unknown_query
from transcriber.jobs.endpoints import router as jobs_router
from transcriber.jobs.events.endpoints import router as events_router
from transcriber.jobs.events.hub import StreamHub
from transcriber.jobs.model_endpoints import router as models_router
from transcriber.jobs.model_validations import HeededValidations
from transcriber.jobs.recording_endpoints import router as removal_router
from transcriber.recordings.endpoints import router as recordings_router
from transcriber.recordings.usage_endpoints import router as usage_router
from transcriber.transcripts.bundle_endpoints import router as bundles_router
from transcriber.transcripts.editing.endpoints import router as editing_router
from transcriber.transcripts.endpoints import router as transcripts_router
from transcriber.transcripts.export_desk import ExportDesk
from transcriber.transcripts.revisions.endpoints import router as revisions_router
from transcriber.transcripts.search.endpoints import router as search_router
from transcriber.transcripts.tags.endpoints import router as tags_router
from transcriber.uploads.aliases.counter import AliasCounter
from transcriber.uploads.aliases.endpoints import router as aliases_router
from transcriber.uploads.aliases.gate import AliasGate
from transcriber.uploads.aliases.retired import create_retired_app
from transcriber.uploads.aliases.schedule import AliasSchedule
from transcriber.uploads.endpoints import router as uploads_router
from transcriber.uploads.finalizing import Verifier
from transcriber.uploads.tus.endpoints import router as tus_router
from transcriber.uploads.tus.protocol import TusProtocol
from transcriber.webhooks.endpoints import router as webhooks_router

STATIC_DIR = Path(__file__).parent / "static"
# Their endpoints read the body as it comes; every other body is bounded JSON.
STREAMED_ROUTES = (
    re.compile(r"POST /jobs/"),
    re.compile(r"POST /jobs/batch"),
    re.compile(r"(?:PUT|POST) /uploads/[^/]+/chunks?/[^/]+"),
    re.compile(r"POST /uploads/tus/?"),
    re.compile(r"PATCH /uploads/tus/[^/]+"),
)
# An announced size of any number of digits is answered with the limit.
WIDE_ROUTES = ("POST /uploads/", "POST /uploads/init")
# Addresses that stay the API's, even before their routes exist.
API_ROOTS = frozenset(
    {
        *(
            "api",
            "auth",
            "jobs",
            "models",
            "recordings",
            "transcripts",
            "uploads",
            "v1",
            "webhooks",
        ),
        *("healthz", "metrics", "openapi.json", "problems", "readyz"),
    }
)
ROUTERS = (
    accounts_router,
    activity_router,
    keys_router,
    sign_ins_router,
    sign_up_router,
    resets_router,
    directory_router,
    invitations_router,
    preferences_router,
    retention_router,
    usage_router,
    # Before the uploads: `/uploads/tus` is none.
    tus_router,
    uploads_router,
    # After what they are the aliases of, whose methods an answer 405 shall name.
    aliases_router,
    # Before the jobs: `/jobs/events` is no job.
    events_router,
    jobs_router,
    models_router,
    recordings_router,
    removal_router,
    # Before the transcripts: `/transcripts/search` and `/transcripts/tags` are none.
    search_router,
    tags_router,
    transcripts_router,
    editing_router,
    revisions_router,
    bundles_router,
    webhooks_router,
    admin_router,
    # Before the jobs: `/api/admin/jobs/stats` is none.
    statistics_router,
    admin_jobs_router,
    system_router,
    acts_router,
    performance_router,
    admin_aliases_router,
    admin_keys_router,
    audit_router,
    metrics_router,
)


def create_app(context: Context, *, static_dir: Path = STATIC_DIR) -> FastAPI:
    """Put the routes, the guards around them and the web application together.

    Args:
        context: The process's parts.
        static_dir: The built web application; may be missing.
    """
    app = FastAPI(
        title="Whisper Transcriber",
        version=version("whisper-transcriber"),
        description="Recordings in, correct transcripts out; nothing leaves the machine.",
        # The interactive pages load scripts from elsewhere.
        docs_url=None,
        redoc_url=None,
        # The redirect would be built from the Host header, which anyone can set.
        redirect_slashes=False,
        lifespan=_start_and_stop,
        telemetry={"tracing": False, "metrics": False, "auto_configure": False},
    )
    app.state.context = context
    app.state.streams = StreamHub(context.database, context.settings)
    app.state.disk_threads = DiskThreads()
    app.state.exports = ExportDesk(context.settings)
    app.state.disk_gauges = DiskGauges(context.settings)
    app.state.metric_writer = MetricWriter(
        context.database,
        context.meter,
        (app.state.disk_gauges.read, partial(_count_streams, app.state.streams)),
    )
    app.state.system_checks = BoundedChecks()
    app.state.readiness_checks = BoundedChecks(READINESS_SECONDS)
    app.state.heeded_validations = HeededValidations()
    app.state.verifier = Verifier(context)
    app.state.alias_counter = AliasCounter(context.database, context.clock)
    # Not included again: what a route needs is worked out when it is first asked for, once.
    app.router.routes.extend(_API.routes)
    app.router.default = StaticSite(static_dir, API_ROOTS)
    install_problem_handlers(app)
    install_openapi(app)
    # The last one added is the outermost.
    app.add_middleware(
        BodyGuard,
        max_json_bytes=context.settings.max_json_bytes,
        streamed_routes=STREAMED_ROUTES,
        wide_routes=WIDE_ROUTES,
    )
    app.add_middleware(TusProtocol)
    app.add_middleware(
        AliasGate,
        retired=create_retired_app(context, app.state.alias_counter),
        schedule=AliasSchedule.of(context.settings),
        clock=context.clock,
    )
    # Outside of the guards: a refusal too is something that an allowed page may read.
    app.add_middleware(CrossOrigin, origins=context.settings.cors_allowed_origins)
    app.add_middleware(SecurityHeaders)
    app.add_middleware(
        RequestScope, draining=context.draining, meter=context.meter, tracer=context.tracer
    )
    app.add_middleware(ProxyHeadersMiddleware, trusted_hosts=list(context.settings.trusted_proxies))
    # Outside of these: it looks at who is really connected.
    app.add_middleware(LegacyHeaderGate, settings=context.settings)
    return app


@asynccontextmanager
async def _start_and_stop(app: FastAPI) -> AsyncGenerator[None]:
    app.state.alias_counter.start()
    app.state.disk_gauges.start()
    app.state.metric_writer.start()
    yield
    app.state.streams.close()
    app.state.disk_gauges.begin_stop()
    await to_thread.run_sync(app.state.alias_counter.close)
    await to_thread.run_sync(app.state.metric_writer.close)


def _count_streams(streams: StreamHub) -> Gauges:
    return {SeriesKey(EVENT_STREAMS, ()): streams.count()}


def _name_operation(route: APIRoute) -> str:
    return route.name


def _build_api() -> APIRouter:
    api = APIRouter(
        generate_unique_id_function=_name_operation,
        responses=declare_problems(BadRequestError, ServiceError, UnavailableError),
        dependencies=[Depends(refuse_unknown_query)],
    )
    for router in ROUTERS:
        api.include_router(router)
    return api


_API = _build_api()
