"""Checklist line 71: every route of the document, asked by nobody, by others and by its owner."""

from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute

from authorisation.asking import ask_as_stranger
from authorisation.matrix import Matrix, list_operations
from authorisation.table import HIDDEN, RULES, list_rules
from service_context import build_settings, open_context
from transcriber.app import ROUTERS, create_app
from transcriber.infra.context import Context

# Hundreds of requests; a machine that does much else takes its time.
LONG_SECONDS = 1_200
# Each has a service of its own: what one rule leaves behind is read again for every rule after it.
PARTS = 6


@pytest.fixture
def app(tmp_path: Any) -> Any:
    with open_context(build_settings(tmp_path)) as context:
        yield create_app(context)


def test_every_route_has_a_rule(app: FastAPI) -> None:
    documented = {operation.name for operation in list_operations(app.openapi())}
    without = sorted(documented - RULES.keys())
    assert not without, (
        f"Nobody has said who may use {', '.join(without)}: give each a line in "
        "tests/authorisation/table.py, with a request that works."
    )
    gone = sorted(RULES.keys() - documented)
    assert not gone, f"There is no route any more for the rules of {', '.join(gone)}: remove them."


def test_every_route_outside_of_the_document_has_a_reason() -> None:
    hidden = {
        route.name
        for router in ROUTERS
        for route in router.routes
        if isinstance(route, APIRoute) and not route.include_in_schema
    }
    assert hidden == HIDDEN.keys(), "Say in HIDDEN of tests/authorisation/table.py why it is safe."


@pytest.mark.timeout(LONG_SECONDS)
@pytest.mark.parametrize("part", range(PARTS))
def test_each_route_lets_those_in_who_may_and_nobody_else(matrix: Matrix, part: int) -> None:
    try_routes(matrix, part)


@pytest.mark.postgres
@pytest.mark.timeout(LONG_SECONDS)
@pytest.mark.parametrize("part", range(PARTS))
def test_the_same_holds_on_postgresql(postgres_matrix: Matrix, part: int) -> None:
    try_routes(postgres_matrix, part)


def test_functions_tell_and_change_nothing_for_somebody_else(matrix: Matrix) -> None:
    assert not ask_as_stranger(matrix)


@pytest.mark.postgres
def test_nor_do_they_on_postgresql(postgres_matrix: Matrix) -> None:
    assert not ask_as_stranger(postgres_matrix)


def try_routes(matrix: Matrix, part: int) -> None:
    """Try every rule of one route in `PARTS`, from the `part`-th on."""
    operations = list_operations(read_document(matrix.context))[part::PARTS]
    surprises = [
        surprise
        for operation in operations
        for rule in list_rules(operation.name)
        for surprise in matrix.try_rule(operation, rule)
    ]
    print(  # noqa: T201 -- the figures are what a reader of the run wants to see
        f"{len(operations)} routes, {matrix.tried} requests tried, {len(surprises)} surprises"
    )
    assert not surprises, "\n".join(surprises)


def read_document(context: Context) -> dict[str, Any]:
    return create_app(context).openapi()
