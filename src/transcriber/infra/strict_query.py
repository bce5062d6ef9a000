"""Query parameters that no route declares are refused: a misspelt filter must not be ignored."""

from fastapi import Request
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from pydantic import BaseModel

from transcriber.infra.errors import InvalidError

MAX_SHOWN = 64


def refuse_unknown_query(request: Request) -> None:
    """Compare the address with what the route and its dependencies declare.

    Raises:
        InvalidError: naming the first parameter that is not known here.
    """
    route = request.scope.get("route")
    if not isinstance(route, APIRoute):
        return
    known = list_query_names(route.dependant)
    for name in request.query_params:
        if name not in known:
            raise InvalidError(
                f"This route has no query parameter {name[:MAX_SHOWN]!a}.",
                code="unknown_parameter",
            )


def list_query_names(dependant: Dependant) -> set[str]:
    """The query parameters of a route and of everything it depends on."""
    names: set[str] = set()
    for field in dependant.query_params:
        shape = field.field_info.annotation
        if isinstance(shape, type) and issubclass(shape, BaseModel):
            # A model stands for one parameter for each of its fields.
            names |= set(shape.model_fields)
        else:
            names.add(field.alias)
    for inner in dependant.dependencies:
        names |= list_query_names(inner)
    return names
