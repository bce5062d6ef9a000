"""While they are active the aliases are the canonical routes, and say that they will end."""

from typing import Any

import pytest
from httpx import Response

from alias_service import DEPRECATION, SUNSET, AliasService
from upload_checks import check_all
from upload_client import cut_chunk, digest_header, finalize, initialize, make_bytes

DATA = make_bytes(64 * 1024 + 100)
BODY = {"name": "talk.mp3", "size_bytes": len(DATA)}
UNKNOWN = "0" * 32


def require_described(answer: Response, successor: str) -> None:
    assert answer.headers["deprecation"] == DEPRECATION
    assert answer.headers["sunset"] == SUNSET
    assert answer.headers["link"] == f'<{successor}>; rel="successor-version"'


def read_problem(answer: Response) -> tuple[int, dict[str, Any]]:
    document = answer.json()
    assert document.pop("request_id") == answer.headers["x-request-id"]
    return answer.status_code, document


def test_a_recording_goes_the_whole_way_over_the_aliases(any_service: AliasService) -> None:
    key = {"Idempotency-Key": "one"}
    answer = any_service.send("POST", "/uploads/init", json=BODY, headers=key)
    require_described(answer, "/uploads/")
    assert answer.status_code == 201
    upload = answer.json()
    assert answer.headers["location"] == f"/uploads/{upload['id']}"
    # The same key at the canonical route finds the same upload: it is the same route to it.
    canonical = any_service.send("POST", "/uploads/", json=BODY, headers=key)
    assert (canonical.status_code, canonical.json()) == (201, upload)
    assert "deprecation" not in canonical.headers
    for number, method in enumerate(("PUT", "POST")):
        chunk = cut_chunk(upload, DATA, number)
        options: dict[str, Any] = {"content": chunk, "headers": digest_header(chunk)}
        path = f"/uploads/{upload['id']}/chunks/{number}"
        answer = any_service.send(method, path.replace("chunks", "chunk"), **options)
        require_described(answer, path)
        again = any_service.send("PUT", path, **options)
        assert (answer.status_code, again.status_code) == (200, 200)
        assert answer.json() == again.json()
    assert finalize(any_service.client, upload).status_code == 201
    check_all(any_service.context)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"name": "talk.mp3", "size_bytes": 0}, 422),
        ({"name": "talk.mp3"}, 422),
        ({"name": "talk.mp3", "size_bytes": 10**30}, 413),
        ({"name": "talk.mp3", "size_bytes": 1, "user_id": "x"}, 422),
    ],
)
def test_refusals_to_begin_are_the_same(
    service: AliasService, body: dict[str, Any], status: int
) -> None:
    answers = [service.send("POST", path, json=body) for path in ("/uploads/init", "/uploads/")]
    problem, canonical = map(read_problem, answers)
    assert problem == canonical
    assert problem[0] == status
    require_described(answers[0], "/uploads/")


@pytest.mark.parametrize("method", ["PUT", "POST"])
def test_refusals_of_chunks_are_the_same(service: AliasService, method: str) -> None:
    upload = initialize(service.client, len(DATA))
    chunk = cut_chunk(upload, DATA, 0)
    cases: list[tuple[str, str, bytes, dict[str, str]]] = [
        (UNKNOWN, "0", chunk, {}),
        ("init", "0", chunk, {}),
        (upload["id"].upper(), "0", chunk, {}),
        (upload["id"], "x", chunk, {}),
        (upload["id"], "7", chunk, {}),
        (upload["id"], "0", chunk[:-1], {}),
        (upload["id"], "0", chunk + b"x", {}),
        (upload["id"], "0", chunk, digest_header(b"other")),
        (upload["id"], "0", chunk, {"Content-Encoding": "gzip"}),
    ]
    statuses: list[int] = []
    for upload_id, number, content, headers in cases:
        path = f"/uploads/{upload_id}/chunk/{number}"
        answer = service.send(method, path, content=content, headers=headers)
        canonical = service.send(
            "PUT", path.replace("/chunk/", "/chunks/"), content=content, headers=headers
        )
        assert read_problem(answer) == read_problem(canonical)
        require_described(answer, path.replace("/chunk/", "/chunks/"))
        statuses.append(answer.status_code)
    assert statuses == [404, 422, 422, 400, 404, 400, 413, 422, 415]
    check_all(service.context)


def test_unknown_queries_and_other_methods_are_refused(service: AliasService) -> None:
    answer = service.send("POST", "/uploads/init?a=b", json=BODY)
    assert (answer.status_code, answer.json()["code"]) == (422, "unknown_parameter")
    answer = service.send("GET", f"/uploads/{UNKNOWN}/chunk/0")
    assert (answer.status_code, answer.json()["code"]) == (405, "method_not_allowed")
    # `init` is no upload: the routes of one upload take nothing but its 32 digits.
    assert service.send("GET", "/uploads/init").status_code == 422
    assert service.send("DELETE", "/uploads/init").status_code == 422


def test_the_document_says_that_they_are_deprecated(service: AliasService) -> None:
    paths = service.client.get("/openapi.json").json()["paths"]
    deprecated = {
        (path, method)
        for path, operations in paths.items()
        for method, operation in operations.items()
        if operation.get("deprecated")
    }
    assert deprecated == {
        ("/uploads/init", "post"),
        ("/uploads/{upload_id}/chunk/{number}", "put"),
        ("/uploads/{upload_id}/chunk/{number}", "post"),
        ("/uploads/{upload_id}/chunks/{number}", "post"),
    }
