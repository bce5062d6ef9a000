"""The OpenAPI document as clients need it: problems typed as problems, names stable."""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from transcriber.infra.errors import ForbiddenError
from transcriber.infra.problems import MEDIA_TYPE, Problem

_REFERENCE = {"$ref": "#/components/schemas/Problem"}
_BEARER = "HTTPBearer"
_REPLACED = ("HTTPValidationError", "ValidationError")


def install_openapi(app: FastAPI) -> None:
    """Have the application serve the corrected document."""

    def build() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = correct_document(
                get_openapi(
                    title=app.title,
                    version=app.version,
                    description=app.description,
                    routes=app.routes,
                    tags=app.openapi_tags,
                )
            )
        return app.openapi_schema

    app.openapi = build


def correct_document(document: dict[str, Any]) -> dict[str, Any]:
    """Give every refusal its real media type and shape, instead of the framework's defaults."""
    schemas: dict[str, Any] = document.setdefault("components", {}).setdefault("schemas", {})
    for name in _REPLACED:
        schemas.pop(name, None)
    problem = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    schemas.update(problem.pop("$defs", {}))
    schemas["Problem"] = problem
    document["components"]["schemas"] = dict(sorted(schemas.items()))
    for operations in document.get("paths", {}).values():
        for operation in operations.values():
            _add_refusal_of_keys(operation)
            for status, response in operation["responses"].items():
                _correct_stream(response)
                if status == "422" or _is_problem(response):
                    response["content"] = {MEDIA_TYPE: {"schema": _REFERENCE}}
                    if status == "422":
                        response["description"] = "A value is not acceptable."
    return document


def _add_refusal_of_keys(operation: dict[str, Any]) -> None:
    # Wherever a bearer token opens a route, a key with other scopes does not.
    if any(_BEARER in scheme for scheme in operation.get("security", ())):
        content = {MEDIA_TYPE: {"schema": _REFERENCE}}
        refusal = {"description": ForbiddenError.title, "content": content}
        operation["responses"].setdefault(str(ForbiddenError.status), refusal)


def _correct_stream(response: dict[str, Any]) -> None:
    # The framework takes every body that is not JSON for a text, whatever else is declared.
    schema = response.get("content", {}).get("text/event-stream", {}).get("schema", {})
    if "$ref" in schema:
        schema.pop("type", None)


def _is_problem(response: dict[str, Any]) -> bool:
    content = response.get("content", {})
    return any(item.get("schema") == _REFERENCE for item in content.values())
