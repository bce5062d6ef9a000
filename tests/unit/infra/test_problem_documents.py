import json
import math
import threading

import pytest
from fastapi import FastAPI
from pydantic import Field
from sqlalchemy.exc import OperationalError
from starlette.testclient import TestClient

from transcriber.infra.errors import ConflictError, NotFoundError, RateLimitedError
from transcriber.infra.meter import Meter
from transcriber.infra.openapi import install_openapi
from transcriber.infra.problem_handlers import install_problem_handlers
from transcriber.infra.problems import MEDIA_TYPE, declare_problems, render_problem
from transcriber.infra.request_scope import RequestScope
from transcriber.infra.schemas import RequestModel


class Order(RequestModel):
    count: int = Field(ge=1, le=10)


def _build_app() -> FastAPI:
    app = FastAPI()

    @app.get("/refuse", responses=declare_problems(RateLimitedError, ConflictError))
    def refuse() -> None:
        raise RateLimitedError("Wait.", extra={"limit": 3}, headers={"Retry-After": "7"})

    @app.get("/fail")
    def fail() -> None:
        raise RuntimeError("the secret inside")

    @app.get("/away")
    def away() -> None:
        raise OperationalError("SELECT secret", {}, Exception("connection refused"))

    @app.post("/orders/{number}")
    def order(number: int, body: Order) -> int:
        return number + body.count

    install_problem_handlers(app)
    install_openapi(app)
    app.add_middleware(RequestScope, draining=threading.Event(), meter=Meter())
    return app


@pytest.fixture
def client() -> TestClient:
    return TestClient(_build_app(), raise_server_exceptions=False)


def test_a_refusal_carries_status_code_and_request_id(client: TestClient) -> None:
    answer = client.get("/refuse", headers={"X-Request-ID": "abcd-1234"})
    assert answer.status_code == 429
    assert answer.headers["content-type"] == MEDIA_TYPE
    assert answer.headers["retry-after"] == "7"
    assert answer.headers["x-request-id"] == "abcd-1234"
    assert answer.json() == {
        "type": "/problems/rate_limited",
        "title": "Too many requests.",
        "status": 429,
        "detail": "Wait.",
        "code": "rate_limited",
        "request_id": "abcd-1234",
        "limit": 3,
    }


@pytest.mark.parametrize("given", ["short", "x" * 65, "abcd 1234", "abcd;1234{}", ""])
def test_a_strange_request_id_is_replaced(client: TestClient, given: str) -> None:
    answer = client.get("/refuse", headers={"X-Request-ID": given})
    assert answer.json()["request_id"] == answer.headers["x-request-id"] != given
    assert len(answer.headers["x-request-id"]) == 32


def test_the_unforeseen_is_a_problem_without_a_trace(client: TestClient) -> None:
    answer = client.get("/fail")
    assert (answer.status_code, answer.headers["content-type"]) == (500, MEDIA_TYPE)
    assert "secret" not in answer.text
    assert "Traceback" not in answer.text
    assert answer.json()["request_id"]


def test_a_database_that_is_away_is_503_with_retry_after(client: TestClient) -> None:
    answer = client.get("/away")
    assert (answer.status_code, answer.json()["code"]) == (503, "database_unavailable")
    assert int(answer.headers["retry-after"]) > 0
    assert "SELECT" not in answer.text


def test_wrong_values_are_pointed_at(client: TestClient) -> None:
    answer = client.post("/orders/x", json={"count": 11, "is_admin": True})
    assert answer.status_code == 422
    found = {(item["location"], item["pointer"]) for item in answer.json()["errors"]}
    assert found == {("path", "#/number"), ("body", "#/count"), ("body", "#/is_admin")}


def test_unknown_addresses_and_methods_are_problems(client: TestClient) -> None:
    missing, wrong = client.get("/nothing"), client.delete("/refuse")
    assert (missing.status_code, missing.json()["code"]) == (404, "not_found")
    assert (wrong.status_code, wrong.json()["code"]) == (405, "method_not_allowed")
    assert wrong.headers["allow"] == "GET"


def test_text_that_no_utf8_can_hold_is_made_safe() -> None:
    error = NotFoundError("a\ud800b", extra={"\udc00": [math.nan, math.inf, {"k": "\udfff"}]})
    document = json.loads(render_problem(error, None).body)
    assert document["detail"] == r"a\ud800b"
    assert document[r"\udc00"] == [None, None, {"k": r"\udfff"}]


def test_openapi_declares_problems_with_their_media_type(client: TestClient) -> None:
    document = client.get("/openapi.json").json()
    responses = document["paths"]["/refuse"]["get"]["responses"]
    reference = {"schema": {"$ref": "#/components/schemas/Problem"}}
    assert responses["429"]["content"] == {MEDIA_TYPE: reference}
    assert responses["409"]["description"] == "The present state forbids this."
    order = document["paths"]["/orders/{number}"]["post"]["responses"]
    assert order["422"]["content"] == {MEDIA_TYPE: reference}
    schemas = document["components"]["schemas"]
    assert {"Problem", "FieldProblem", "Order"} == set(schemas)
