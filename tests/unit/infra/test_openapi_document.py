import json
from typing import Any

import pytest

from transcriber.openapi import render_document


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return json.loads(render_document())


def _list_operations(document: dict[str, Any]) -> list[dict[str, Any]]:
    return [operation for path in document["paths"].values() for operation in path.values()]


def test_the_document_is_the_same_every_time() -> None:
    assert render_document() == render_document()


def test_operations_are_named_after_their_handlers_and_described(document: dict[str, Any]) -> None:
    names = [operation["operationId"] for operation in _list_operations(document)]
    assert len(names) == len(set(names))
    assert {"login", "logout", "get_me", "change_password", "get_liveness"} <= set(names)
    assert all(name.islower() and name.isidentifier() for name in names)
    assert all(operation["description"] for operation in _list_operations(document))


def test_every_operation_declares_its_problems_as_problems(document: dict[str, Any]) -> None:
    for operation in _list_operations(document):
        for status, response in operation["responses"].items():
            if int(status) >= 400:
                assert list(response["content"]) == ["application/problem+json"], operation


def _find_integers(schema: Any) -> list[dict[str, Any]]:
    if isinstance(schema, list):
        return [found for item in schema for found in _find_integers(item)]
    if not isinstance(schema, dict):
        return []
    here = [schema] if schema.get("type") == "integer" else []
    return here + [found for item in schema.values() for found in _find_integers(item)]


def test_every_integer_a_caller_sends_is_bounded(document: dict[str, Any]) -> None:
    sent = [
        found
        for operation in _list_operations(document)
        for part in ("parameters", "requestBody")
        for found in _find_integers(operation.get(part))
    ]
    schemas = document["components"]["schemas"]
    for name, schema in schemas.items():
        if name.endswith("Request"):
            sent += _find_integers(schema)
    # A size beyond any column is no malformed request: it is too large, and answered so.
    sent.remove(schemas["UploadRequest"]["properties"]["size_bytes"])
    assert sent
    assert all(abs(found.get("maximum", 2**63)) < 2**31 for found in sent), sent


def test_every_request_shape_refuses_unknown_members(document: dict[str, Any]) -> None:
    requests = {
        name: schema
        for name, schema in document["components"]["schemas"].items()
        if name.endswith("Request")
    }
    assert requests
    assert all(schema["additionalProperties"] is False for schema in requests.values())
