"""What answers at aliases that are served no more: a redirect, later a refusal; no body is read.

An application of its own, beside the one whose guards read bodies and refuse unknown queries: the
canonical route shall do both, with the request as it was sent.
"""

from fastapi import FastAPI, Request, Response, status
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp

from transcriber.infra.context import Context
from transcriber.infra.dependencies import CurrentContext
from transcriber.infra.problem_handlers import install_problem_handlers
from transcriber.infra.unread_body import AnswerUnread
from transcriber.uploads.aliases.counter import AliasCounter
from transcriber.uploads.aliases.dependencies import CountedVisit
from transcriber.uploads.aliases.schedule import AliasSchedule, Phase
from transcriber.uploads.errors import AliasGoneError

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
_WITHOUT_BODY = {"GET", "HEAD"}


def create_retired_app(context: Context, counter: AliasCounter) -> ASGIApp:
    """The application behind the gate."""
    app = FastAPI(
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        telemetry={"tracing": False, "metrics": False, "auto_configure": False},
    )
    app.state.context = context
    app.state.alias_counter = counter
    app.add_api_route("/{path:path}", answer_retired_alias, methods=list(METHODS))
    install_problem_handlers(app)
    return AnswerUnread(app)


def answer_retired_alias(
    request: Request, context: CurrentContext, visit: CountedVisit
) -> Response:
    """Send the caller to the canonical path, with method, body and query where the status allows.

    Raises:
        AliasGoneError: after the end of the redirects.
    """
    successor = visit.place.successor
    if visit.phase is Phase.GONE:
        day = AliasSchedule.of(context.settings).gone_at
        raise AliasGoneError(
            f"This address ended on {day:%Y-%m-%d}; use {successor} instead.",
            extra={"successor": successor},
        )
    query = request.url.query
    return RedirectResponse(
        f"{successor}?{query}" if query else successor,
        status_code=_choose_status(request, is_301=context.settings.upload_alias_always_301),
    )


def _choose_status(request: Request, *, is_301: bool) -> int:
    # Browsers turn a POST into a GET on 301, and its body is lost.
    if is_301 or request.method in _WITHOUT_BODY:
        return status.HTTP_301_MOVED_PERMANENTLY
    return status.HTTP_308_PERMANENT_REDIRECT
