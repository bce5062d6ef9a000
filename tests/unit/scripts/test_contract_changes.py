"""The comparison of documents, on mutants of the real one and on small ones of its own."""

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from contract.document import Document
from contract.operations import compare_documents

REAL = json.loads((Path(__file__).resolve().parents[3] / "web/openapi.json").read_text())

Change = Callable[[dict[str, Any]], object]


def compare_real(change: Change) -> list[str]:
    mutant = copy.deepcopy(REAL)
    change(mutant)
    return compare_documents(Document(REAL), Document(mutant))


def members(document: dict[str, Any], schema: str) -> dict[str, Any]:
    return document["components"]["schemas"][schema]["properties"]


def operation(document: dict[str, Any], path: str, method: str) -> dict[str, Any]:
    return document["paths"][path][method]


def test_a_document_breaks_nothing_of_itself() -> None:
    assert compare_real(lambda _: None) == []


BREAKING: dict[str, Change] = {
    "read_job: GET /jobs/{job_id} removed": lambda d: d["paths"]["/jobs/{job_id}"].pop("get"),
    "get_me: GET /auth/me removed": lambda d: d["paths"].pop("/auth/me"),
    "get_me: operation id became whoami": lambda d: operation(d, "/auth/me", "get").update(
        operationId="whoami"
    ),
    "list_jobs query state: removed": lambda d: operation(d, "/jobs/", "get").update(
        parameters=[
            each for each in operation(d, "/jobs/", "get")["parameters"] if each["name"] != "state"
        ]
    ),
    "get_me query as: is now required": lambda d: (
        operation(d, "/auth/me", "get")
        .setdefault("parameters", [])
        .append({"name": "as", "in": "query", "required": True, "schema": {"type": "string"}})
    ),
    "login: requests of application/json refused": lambda d: operation(d, "/auth/login", "post")[
        "requestBody"
    ].update(content={"text/plain": {}}),
    "login: request body removed": lambda d: operation(d, "/auth/login", "post").pop("requestBody"),
    "get_me: request body is now required": lambda d: operation(d, "/auth/me", "get").update(
        requestBody={"required": True, "content": {}}
    ),
    "get_me 200: removed": lambda d: operation(d, "/auth/me", "get")["responses"].pop("200"),
    "get_me 200: no longer application/json": lambda d: operation(d, "/auth/me", "get")[
        "responses"
    ]["200"].update(content={}),
    "get_liveness: no longer open by anybody": lambda d: operation(d, "/healthz", "get").update(
        security=[{"HTTPBearer": []}]
    ),
    "read_job: no longer open by HTTPBearer": lambda d: operation(
        d, "/jobs/{job_id}", "get"
    ).update(security=[{"APIKeyCookie": []}]),
    "HTTPBearer: changed": lambda d: d["components"]["securitySchemes"].update(
        HTTPBearer={"type": "http", "scheme": "basic"}
    ),
    "JobRead.eta_seconds in answers: removed": lambda d: members(d, "JobRead").pop("eta_seconds"),
    "JobRead.id in answers: type string became integer": lambda d: members(d, "JobRead")[
        "id"
    ].update(type="integer"),
    "JobRead.name in answers: null added": lambda d: members(d, "JobRead").update(
        name={"anyOf": [{"type": "string"}, {"type": "null"}]}
    ),
    "JobRead.name in answers: may now be absent": lambda d: d["components"]["schemas"]["JobRead"][
        "required"
    ].remove("name"),
    'AccountRead.role in answers: "guest" added': lambda d: members(d, "AccountRead")["role"][
        "enum"
    ].append("guest"),
    'AccountRequest.role in requests: "admin" refused': lambda d: members(d, "AccountRequest")[
        "role"
    ].update(enum=["user"]),
    "AccountRequest.note in requests: is now required": lambda d: (
        members(d, "AccountRequest").update(note={"type": "string"}),
        d["components"]["schemas"]["AccountRequest"]["required"].append("note"),
    ),
    "AccountRequest.name in requests: removed": lambda d: members(d, "AccountRequest").pop("name"),
    "JobRead.created_at in answers: format date-time became unset": lambda d: members(d, "JobRead")[
        "created_at"
    ].pop("format"),
}


@pytest.mark.parametrize(("finding", "change"), BREAKING.items(), ids=BREAKING)
def test_what_breaks_clients_is_found_by_its_name(finding: str, change: Change) -> None:
    assert finding in compare_real(change)


HARMLESS: dict[str, Change] = {
    "a new operation": lambda d: d["paths"].update(
        {"/new": {"get": operation(d, "/auth/me", "get")}}
    ),
    "a new optional parameter": lambda d: (
        operation(d, "/auth/me", "get")
        .setdefault("parameters", [])
        .append({"name": "as", "in": "query", "schema": {"type": "string"}})
    ),
    "a new optional member of a request": lambda d: members(d, "AccountRequest").update(
        note={"type": "string"}
    ),
    "a new member of an answer": lambda d: (
        members(d, "JobRead").update(note={"type": "string"}),
        d["components"]["schemas"]["JobRead"]["required"].append("note"),
    ),
    "a new value of a request": lambda d: members(d, "AccountRequest")["role"]["enum"].append("x"),
    "a value that answers no longer have": lambda d: members(d, "AccountRead")["role"].update(
        enum=["user"]
    ),
    "a wider bound of a request": lambda d: members(d, "AccountRequest")["name"].update(
        maxLength=9_999
    ),
    "another way in": lambda d: operation(d, "/jobs/{job_id}", "get")["security"].append(
        {"Other": []}
    ),
    "a route that opens to anybody": lambda d: operation(d, "/jobs/{job_id}", "get").update(
        security=[]
    ),
    "a refusal less": lambda d: operation(d, "/auth/me", "get")["responses"].pop("503"),
    "other texts": lambda d: (
        d["info"].update(description="Other."),
        members(d, "JobRead")["id"].update(title="Other", description="Other."),
    ),
}


@pytest.mark.parametrize("change", HARMLESS.values(), ids=HARMLESS)
def test_what_breaks_nobody_is_passed_over(change: Change) -> None:
    assert compare_real(change) == []


def test_no_removal_goes_unseen() -> None:
    for path, item in REAL["paths"].items():
        for method, content in item.items():
            found = compare_real(lambda d, p=path, m=method: d["paths"][p].pop(m))
            assert found == [f"{content['operationId']}: {method.upper()} {path} removed"]


def test_a_finding_of_a_shared_component_is_told_once() -> None:
    found = compare_real(lambda d: members(d, "JobRead").pop("progress"))
    assert [each for each in found if each.startswith("JobRead.")] == [
        "JobRead.progress in answers: removed"
    ]


def compare_bodies(old: dict[str, Any], new: dict[str, Any], **schemas: object) -> list[str]:
    def make(schema: dict[str, Any]) -> Document:
        content = {"content": {"application/json": {"schema": schema}}}
        operation = {"operationId": "ask", "requestBody": content, "responses": {"200": content}}
        return Document({"paths": {"/": {"post": operation}}, "components": {"schemas": schemas}})

    return compare_documents(make(old), make(new))


ASK, ANSWER = "ask application/json", "ask 200 application/json"
NUMBER, TEXT = {"type": "number"}, {"type": "string"}
PAIRS: list[tuple[dict[str, Any], dict[str, Any], list[str]]] = [
    ({"type": "integer"}, NUMBER, [f"{ANSWER} in answers: type integer became number"]),
    (NUMBER, {"type": "integer"}, [f"{ASK} in requests: type number became integer"]),
    ({}, NUMBER, [f"{ASK} in requests: type anything became number"]),
    ({"type": ["string", "null"]}, TEXT, [f"{ASK} in requests: null refused"]),
    (NUMBER, NUMBER | {"minimum": 1}, [f"{ASK} in requests: minimum unset became 1"]),
    (
        TEXT | {"maxLength": 9},
        TEXT | {"maxLength": 5},
        [f"{ASK} in requests: maxLength 9 became 5"],
    ),
    (NUMBER | {"maximum": 3}, NUMBER, [f"{ANSWER} in answers: maximum 3 became unset"]),
    ({"const": 1}, {"enum": [1, 2]}, [f"{ANSWER} in answers: 2 added"]),
    (TEXT, TEXT | {"enum": ["a"]}, [f'{ASK} in requests: values any became "a"']),
    (
        {"type": "array", "items": TEXT},
        {"type": "array", "items": NUMBER},
        [
            f"{ANSWER}[] in answers: type string became number",
            f"{ASK}[] in requests: type string became number",
        ],
    ),
    (
        {"type": "object", "additionalProperties": NUMBER},
        {"type": "object", "additionalProperties": {"type": "integer"}},
        [f"{ASK}.* in requests: type number became integer"],
    ),
    (
        {"type": "object"},
        {"type": "object", "additionalProperties": False},
        [f"{ASK} in requests: unknown members refused"],
    ),
    (
        TEXT,
        TEXT | {"pattern": "^a"},
        [f"{ASK} in requests: pattern unset became ^a"],
    ),
    (
        TEXT,
        TEXT | {"not": {"const": "a"}},
        [
            f'{ANSWER} in answers: not unset became {{"const": "a"}}',
            f'{ASK} in requests: not unset became {{"const": "a"}}',
        ],
    ),
]


@pytest.mark.parametrize(("old", "new", "findings"), PAIRS)
def test_schemas_are_compared_in_both_directions(
    old: dict[str, Any], new: dict[str, Any], findings: list[str]
) -> None:
    assert compare_bodies(old, new) == findings


def test_a_member_of_a_union_is_compared_with_its_like() -> None:
    cat = {"type": "object", "required": ["kind"], "properties": {"kind": {"const": "cat"}}}
    dog = {"type": "object", "properties": {"kind": {"const": "dog"}, "age": NUMBER}}
    union = {"oneOf": [{"$ref": "#/components/schemas/Cat"}, {"$ref": "#/components/schemas/Dog"}]}
    less = {"oneOf": [{"$ref": "#/components/schemas/Cat"}]}
    schemas = {"Cat": cat, "Dog": dog}
    assert compare_bodies(union, union, **schemas) == []
    assert compare_bodies(union, less, **schemas) == [f"{ASK} in requests: Dog refused"]
    assert compare_bodies(less, union, **schemas) == [f"{ANSWER} in answers: Dog added"]


def test_a_schema_that_holds_itself_comes_to_an_end() -> None:
    tree = {
        "anyOf": [TEXT, {"type": "array", "items": {"$ref": "#/components/schemas/Tree"}}],
    }
    reference = {"$ref": "#/components/schemas/Tree"}
    assert compare_bodies(reference, reference, Tree=tree) == []
    assert compare_bodies(reference, TEXT, Tree=tree) == ["Tree in requests: array refused"]
