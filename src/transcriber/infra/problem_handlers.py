"""Turning whatever an endpoint raises into a problem document."""

from collections.abc import Sequence
from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import DataError, InterfaceError, InternalError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from transcriber.infra.errors import InvalidError, ServiceError, UnavailableError
from transcriber.infra.problems import FieldProblem, render_problem

RETRY_AFTER_SECONDS = 5
_LOCATIONS = {"body", "query", "path", "header", "cookie"}
_HTTP_PROBLEMS = {
    404: ("not_found", "There is no such thing.", "There is nothing at this address."),
    405: ("method_not_allowed", "This method is not allowed.", "This address has other methods."),
}

_log = structlog.stdlib.get_logger(__name__)


def install_problem_handlers(app: FastAPI) -> None:
    """Answer every kind of exception but the unforeseen, which the request scope answers."""
    app.add_exception_handler(ServiceError, _answer_service_error)
    app.add_exception_handler(RequestValidationError, _answer_validation_error)
    app.add_exception_handler(HTTPException, _answer_http_exception)
    for kind in (OperationalError, InterfaceError, InternalError, PoolTimeoutError):
        app.add_exception_handler(kind, _answer_database_away)
    app.add_exception_handler(DataError, _answer_data_error)


async def _answer_service_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, ServiceError)  # noqa: S101 -- narrows what the registration promises
    return render_problem(error, read_request_id(request.scope))


async def _answer_validation_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101 -- as above
    fields = [_describe_field(item) for item in error.errors()]
    count = len(fields)
    sentence = f"{count} values are" if count > 1 else "One value is"
    refusal = InvalidError(f"{sentence} not acceptable; `errors` names what would be.")
    return render_problem(refusal, read_request_id(request.scope), fields)


async def _answer_http_exception(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 -- as above
    code, title, detail = _HTTP_PROBLEMS.get(
        error.status_code, (f"http_{error.status_code}", str(error.detail), str(error.detail))
    )
    refusal = ServiceError(detail, code=code, headers=error.headers)
    refusal.status, refusal.title = error.status_code, title
    return render_problem(refusal, read_request_id(request.scope))


async def _answer_database_away(request: Request, error: Exception) -> Response:
    _log.error("database_away", error=str(error))
    refusal = UnavailableError(
        "The database does not answer for the moment; nothing was changed, try again.",
        code="database_unavailable",
        headers={"Retry-After": str(RETRY_AFTER_SECONDS)},
    )
    return render_problem(refusal, read_request_id(request.scope))


async def _answer_data_error(request: Request, error: Exception) -> Response:
    # A value passed the request's shape and the database refused it: safe, but a gap to close.
    _log.error("database_refused_value", error=str(error))
    refusal = InvalidError("The database cannot hold one of the values.")
    return render_problem(refusal, read_request_id(request.scope))


def read_request_id(scope: Any) -> str | None:
    """The id that the request scope gave this request."""
    return scope.get("state", {}).get("request_id")


def _describe_field(item: dict[str, Any]) -> FieldProblem:
    location, *path = item["loc"]
    pointer = "#" + "".join("/" + _escape(part) for part in path)
    return FieldProblem(
        location=location if location in _LOCATIONS else "body",
        pointer=pointer[:200],
        message=item["msg"],
    )


def _escape(part: Sequence[str] | int) -> str:
    return str(part).replace("~", "~0").replace("/", "~1")
