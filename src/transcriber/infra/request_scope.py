"""The outermost layer of a request: its id, its log line, and an answer to the unforeseen."""

import re
import threading
import time

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from transcriber.infra.errors import ServiceError
from transcriber.infra.identifiers import create_id
from transcriber.infra.meter import Meter, name_method
from transcriber.infra.metric_families import OTHER
from transcriber.infra.origin import Origin, read_address, work_for
from transcriber.infra.problems import render_problem
from transcriber.infra.trace_parents import read_trace_parent
from transcriber.infra.tracing import Traced, Tracer

SERVER_ERROR = 500
_SANE_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")
# Probes come every few seconds and would drown the rest.
_QUIET_PATHS = {"/healthz", "/readyz", "/metrics"}
_READINESS_PATH, _NOT_READY = "/readyz", 503

_log = structlog.stdlib.get_logger(__name__)


class RequestScope:
    """Pure ASGI: binds `request_id` to every log line and sends it back as `X-Request-ID`.

    What the request does is audited with its id and its client's address.

    Args:
        app: What answers.
        draining: Once it is set, each answer closes its connection: the next request of the client
            finds a process that stays.
        meter: Counts each answer, by how long it took to begin.
        tracer: Follows each request but the probes; nobody's without one.
    """

    def __init__(
        self,
        app: ASGIApp,
        draining: threading.Event,
        meter: Meter,
        tracer: Tracer | None = None,
    ) -> None:
        self._app = app
        self._draining = draining
        self._meter = meter
        self._tracer = tracer or Tracer()
        self._untraced = Tracer()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Name the request, pass it on, write its log line."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        given = headers.get("x-request-id", "")
        request_id = given if _SANE_ID.fullmatch(given) else create_id()
        scope.setdefault("state", {})["request_id"] = request_id
        method = name_method(scope["method"])
        tracer = self._untraced if scope["path"] in _QUIET_PATHS else self._tracer
        about = {"http.request.method": method, "transcriber.request_id": request_id}
        with tracer.trace(method, "server", read_trace_parent(headers), about) as traced:
            origin = Origin(read_address(scope), request_id, traced.trace_parent)
            with work_for(origin), structlog.contextvars.bound_contextvars(request_id=request_id):
                status = await self._answer(scope, receive, send, request_id)
            if status >= SERVER_ERROR:
                tracer.fail(str(status))
            _describe_answer(traced, method, _name_route(scope) or OTHER, status)

    async def _answer(self, scope: Scope, receive: Receive, send: Send, request_id: str) -> int:
        """Gives the status of the answer; 0 where nobody was left to have one."""
        started = time.monotonic()
        status, seconds = 0, 0.0

        async def send_named(message: Message) -> None:
            nonlocal status, seconds
            if message["type"] == "http.response.start":
                # How long the rest takes is for the client's line to say, or for an event stream.
                status, seconds = message["status"], time.monotonic() - started
                headers = MutableHeaders(scope=message)
                headers["X-Request-ID"] = request_id
                if self._draining.is_set():
                    headers["Connection"] = "close"
            await send(message)

        try:
            await self._app(scope, receive, send_named)
        except ClientDisconnect:
            # Nobody is left to answer; an upload that was cut off is no fault of ours.
            _log.info("client_left")
        except Exception:
            _log.exception("request_failed")
            if status:
                # Half an answer is out; only a cut connection tells the client so.
                raise
            refusal = ServiceError("The request could not be answered; the log has its id.")
            await render_problem(refusal, request_id)(scope, receive, send_named)
        finally:
            if _is_measured(scope["path"], status):
                self._meter.observe_request(scope["method"], _name_route(scope), status, seconds)
            if scope["path"] not in _QUIET_PATHS:
                _log.info(
                    "request",
                    method=scope["method"],
                    path=scope["path"],
                    status=status,
                    duration_ms=round((time.monotonic() - started) * 1000, 1),
                )
        return status


def _describe_answer(traced: Traced, method: str, route: str, status: int) -> None:
    traced.rename(f"{method} {route}")
    traced.note({"http.route": route, "http.response.status_code": status})


def _is_measured(path: str, status: int) -> bool:
    """Whether an answer counts: "not ready" is what a probe wants to know, and no error."""
    return status != 0 and (path, status) != (_READINESS_PATH, _NOT_READY)


def _name_route(scope: Scope) -> str | None:
    """The template of the route that answered; no address of anybody's own becomes a name."""
    route = scope.get("route")
    return route.path if isinstance(route, Route) else None
