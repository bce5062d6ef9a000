"""One shape for every refusal: RFC 9457 problem documents, declared in OpenAPI."""

import json
import math
from collections.abc import Mapping, Sequence
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from transcriber.infra.errors import ServiceError

MEDIA_TYPE = "application/problem+json"
MAX_FIELD_PROBLEMS = 20
MAX_TEXT_LENGTH = 500


class FieldProblem(BaseModel):
    """One value that was not acceptable."""

    location: Literal["body", "query", "path", "header", "cookie"] = Field(
        description="The part of the request it is in."
    )
    pointer: str = Field(description="JSON pointer in that part, as in `#/options/beam_size`.")
    message: str = Field(description="What would be acceptable.")


class Problem(BaseModel):
    """A refusal as RFC 9457 describes it; some codes add members of their own."""

    model_config = ConfigDict(extra="allow")

    type: str = Field(description="`/problems/` and the code.")
    title: str = Field(description="The reason in general words, fixed for a code.")
    status: int = Field(description="The HTTP status.", ge=400, le=599)
    detail: str = Field(description="One sentence about this case.")
    code: str = Field(description="Stable name of the reason.")
    request_id: str | None = Field(default=None, description="Names the request in the logs.")
    errors: list[FieldProblem] | None = Field(
        default=None, description="The values that were not acceptable, where single values were."
    )


def render_problem(
    error: ServiceError,
    request_id: str | None,
    fields: Sequence[FieldProblem] = (),
) -> Response:
    """The answer for a refusal; text a client may have sent is made safe to send back."""
    body = json.dumps(describe_problem(error, request_id, fields), allow_nan=False).encode()
    headers = {"Cache-Control": "no-store", **error.headers}
    return Response(body, status_code=error.status, headers=headers, media_type=MEDIA_TYPE)


def describe_problem(
    error: ServiceError,
    request_id: str | None,
    fields: Sequence[FieldProblem] = (),
) -> dict[str, Any]:
    """The problem document of a refusal, as JSON values."""
    document: dict[str, Any] = {
        "type": f"/problems/{error.code}",
        "title": error.title,
        "status": error.status,
        "detail": error.detail,
        "code": error.code,
        "request_id": request_id,
    }
    document.update(error.extra)
    if fields:
        document["errors"] = [field.model_dump() for field in fields[:MAX_FIELD_PROBLEMS]]
    return _clean(document)


def declare_problems(*errors: type[ServiceError]) -> dict[int | str, dict[str, Any]]:
    """The `responses=` of a route that may raise these errors."""
    titles: dict[int, list[str]] = {}
    for error in errors:
        titles.setdefault(error.status, []).append(error.title)
    return {
        status: {"model": Problem, "description": " Or: ".join(texts)}
        for status, texts in titles.items()
    }


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return value[:MAX_TEXT_LENGTH].encode("utf-8", "backslashreplace").decode()
    if isinstance(value, Mapping):
        return {_clean(str(key)): _clean(item) for key, item in value.items()}  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType] -- the members of a problem are any JSON
    if isinstance(value, (list, tuple)):
        return [_clean(item) for item in value]  # pyright: ignore[reportUnknownVariableType] -- as above
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value
