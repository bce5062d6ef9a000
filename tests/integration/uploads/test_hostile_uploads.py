"""The checklist of hostile uploads, over the canonical protocol."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
from starlette.testclient import TestClient

from service_context import open_client, sign_in
from transcriber.accounts.passwords import IssuedPassword
from transcriber.infra.context import Context
from transcriber.infra.identifiers import create_id
from upload_checks import await_objects, check_all
from upload_client import (
    digest_header,
    finalize,
    hash_bytes,
    initialize,
    list_missing,
    make_bytes,
    read_state,
    send_chunk,
    send_chunks,
)

DATA = make_bytes(2 * 64 * 1024 + 100)


def announce(client: TestClient, **fields: Any) -> Any:
    return client.post("/uploads/", json={"name": "a.mp3", "size_bytes": 10, **fields})


@pytest.mark.parametrize(
    ("fields", "status", "code"),
    [
        ({"size_bytes": 0}, 422, "empty"),
        ({"size_bytes": -1}, 422, "invalid"),
        ({"size_bytes": 2**63}, 413, "too_large"),
        ({"size_bytes": 2**63 - 1}, 413, "too_large"),
        ({"size_bytes": 10**30}, 413, "too_large"),
        ({"size_bytes": 10**45}, 422, "invalid"),
        ({"size_bytes": 1.5}, 422, "invalid"),
        ({"name": ""}, 422, "invalid"),
        ({"name": "x" * 5_001}, 422, "invalid"),
        ({"sha256": "x"}, 422, "invalid"),
        ({"chunk_bytes": 1}, 422, "invalid"),
        ({"chunk_bytes": 2**70}, 422, "invalid"),
        ({"user_id": "root"}, 422, "invalid"),
        ({"options": {"beam_size": 99}}, 422, "invalid"),
        ({"options": {"beam_size": 2**64}}, 422, "invalid"),
        ({"options": {"name": "x"}}, 422, "invalid"),
        ({"options": {"model": "../../etc"}}, 422, "unknown_model"),
        ({"options": {"language": "tlh"}}, 422, "unknown_language"),
    ],
)
def test_a_bad_announcement_is_refused_and_reserves_nothing(
    client: TestClient, context: Context, fields: dict[str, Any], status: int, code: str
) -> None:
    answer = announce(client, **fields)
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
    assert client.get("/uploads/").json()["items"] == []
    check_all(context)


def test_a_refused_size_comes_with_limit_and_size(client: TestClient, context: Context) -> None:
    problem = announce(client, size_bytes=2**63).json()
    assert problem["max_bytes"] == context.settings.max_upload_bytes
    assert problem["size_bytes"] == 2**63


@pytest.mark.parametrize(
    ("number", "status"),
    [("-1", 400), ("x", 400), ("1.0", 400), ("9" * 400, 404), ("3", 404), (str(2**63), 404)],
)
def test_a_number_that_names_no_chunk_is_refused(
    client: TestClient, number: str, status: int
) -> None:
    upload = initialize(client, len(DATA))
    answer = client.put(f"/uploads/{upload['id']}/chunks/{number}", content=b"x")
    assert answer.status_code == status, answer.text
    assert read_state(client, upload)["received_bytes"] == 0


@pytest.mark.parametrize("change", [1, 5_000_000, -1, -64 * 1024])
@pytest.mark.parametrize("is_streamed", [False, True])
def test_a_body_of_another_length_commits_nothing(
    client: TestClient, context: Context, change: int, *, is_streamed: bool
) -> None:
    upload = initialize(client, len(DATA))
    whole = DATA[: upload["chunk_bytes"]]
    body = whole + b"x" * change if change > 0 else whole[:change]
    content = iter([body]) if is_streamed else body
    answer = client.put(f"/uploads/{upload['id']}/chunks/0", content=content)
    assert answer.status_code == (413 if change > 0 else 400), answer.text
    code = "chunk_too_long" if change > 0 else "incomplete_chunk"
    assert answer.json()["code"] == code
    assert read_state(client, upload)["received_bytes"] == 0
    send_chunks(client, upload, DATA)
    assert finalize(client, upload).status_code == 201
    check_all(context)


def test_a_wrong_checksum_commits_nothing(client: TestClient, context: Context) -> None:
    upload = initialize(client, len(DATA))
    answer = send_chunk(client, upload, DATA, 0, **digest_header(b"other"))
    assert (answer.status_code, answer.json()["code"]) == (422, "checksum_mismatch")
    assert list_missing(client, upload) == [0, 1, 2]
    unknown = send_chunk(client, upload, DATA, 0, **{"Content-Digest": "md5=:AAAA:"})
    assert (unknown.status_code, unknown.json()["code"]) == (400, "unknown_digest_algorithm")
    check_all(context)


def test_a_compressed_chunk_is_refused(client: TestClient) -> None:
    upload = initialize(client, len(DATA))
    answer = send_chunk(client, upload, DATA, 0, **{"Content-Encoding": "gzip"})
    assert answer.status_code == 415


def test_another_accounts_upload_is_as_one_that_does_not_exist(
    client: TestClient, context: Context
) -> None:
    upload = initialize(client, len(DATA))
    name = f"eve{create_id()[:8]}"
    made = client.post("/api/admin/accounts", json={"name": name})
    assert made.status_code == 201, made.text
    with open_client(context) as eve:
        password = IssuedPassword(name, made.json()["first_password"])
        eve.headers.update(sign_in(eve, password))
        theirs, nobodys = upload["id"], "0" * 32
        for name in (theirs, nobodys):
            answers = [
                eve.get(f"/uploads/{name}"),
                eve.put(f"/uploads/{name}/chunks/0", content=b"x"),
                eve.post(f"/uploads/{name}/finalize"),
                eve.delete(f"/uploads/{name}"),
            ]
            assert [answer.status_code for answer in answers] == [404] * 4
            assert {answer.json()["code"] for answer in answers} == {"upload_not_found"}
        assert eve.get("/uploads/").json()["items"] == []
    assert read_state(client, upload)["state"] == "receiving"


def test_nobody_uploads_without_signing_in(client: TestClient) -> None:
    upload = initialize(client, len(DATA))
    name = upload["id"]
    bare = {"Authorization": ""}
    assert announce(client, size_bytes=1).status_code == 201
    answers = [
        client.post("/uploads/", json={"name": "a", "size_bytes": 1}, headers=bare),
        client.get("/uploads/", headers=bare),
        client.get(f"/uploads/{name}", headers=bare),
        client.put(f"/uploads/{name}/chunks/0", content=b"x", headers=bare),
        client.post(f"/uploads/{name}/finalize", headers=bare),
        client.delete(f"/uploads/{name}", headers=bare),
    ]
    assert [answer.status_code for answer in answers] == [401] * 6


def test_ten_thousand_empty_uploads_end_in_429(client: TestClient, context: Context) -> None:
    limit = context.settings.max_open_uploads_per_account
    answers = [announce(client) for _ in range(limit + 5)]
    assert [answer.status_code for answer in answers] == [201] * limit + [429] * 5
    problem = answers[-1].json()
    assert problem["code"] == "too_many_uploads"
    assert (problem["open_uploads"], problem["max_open_uploads"]) == (limit, limit)
    assert "Retry-After" in answers[-1].headers
    assert client.delete(f"/uploads/{answers[0].json()['id']}").status_code == 204
    assert announce(client).status_code == 201
    check_all(context)


def test_a_race_for_the_quota_stays_under_it(client: TestClient, context: Context) -> None:
    settings = context.settings.model_copy(update={"account_quota_bytes": 100})
    with open_client(replace(context, settings=settings)) as small:
        small.headers.update(client.headers)
        gate = threading.Barrier(8)

        def race(_: int) -> int:
            gate.wait()
            return announce(small, size_bytes=30).status_code

        with ThreadPoolExecutor(8) as threads:
            statuses = sorted(threads.map(race, range(8)))
        problem = announce(small, size_bytes=30).json()
    assert statuses == [201] * 3 + [507] * 5
    assert problem["code"] == "quota_exceeded"
    assert (problem["quota_bytes"], problem["reserved_bytes"], problem["stored_bytes"]) == (
        100,
        90,
        0,
    )
    check_all(context)


def test_a_repeated_key_gives_the_same_upload(client: TestClient, context: Context) -> None:
    key = {"headers": {"Idempotency-Key": "k-1"}}
    uploads = [initialize(client, len(DATA), **key) for _ in range(3)]
    assert len({upload["id"] for upload in uploads}) == 1
    changed = client.post(
        "/uploads/", json={"name": "talk.mp3", "size_bytes": 5}, headers=key["headers"]
    )
    assert (changed.status_code, changed.json()["code"]) == (409, "idempotency_conflict")
    check_all(context)


NAMES = [
    ("../../x", "../../x"),
    ("/etc/passwd", "/etc/passwd"),
    ("a\r\nSet-Cookie: x=1.mp3", "a\\x0d\\x0aSet-Cookie: x=1.mp3"),
    ("<img src=x onerror=alert(1)>.mp3", "<img src=x onerror=alert(1)>.mp3"),
    ("\u202e3pm.exe", "\\u202e3pm.exe"),
    ("CON", "CON"),
    (".htaccess", ".htaccess"),
    ("-i", "-i"),
    ("--exec", "--exec"),
    ("a.mp3.html", "a.mp3.html"),
    ("\x1b[31mred.mp3", "\\x1b[31mred.mp3"),
    ("n" * 5000, "n" * 255),
]


@pytest.mark.parametrize(("sent", "shown"), NAMES)
def test_file_names_are_only_text(
    client: TestClient, context: Context, sent: str, shown: str
) -> None:
    upload = initialize(client, 4, name=sent)
    assert upload["name"] == shown
    send_chunks(client, upload, b"abcd")
    assert finalize(client, upload).json()["name"] == shown
    await_objects(context, ["recordings"])


@pytest.mark.parametrize("raw", [b'"a\\u0000b"', b'"\\ud800.mp3"', b'"\xff"'])
def test_a_name_that_is_no_text_is_refused(client: TestClient, raw: bytes) -> None:
    body = b'{"name": ' + raw + b', "size_bytes": 1}'
    headers = {"Content-Type": "application/json"}
    assert client.post("/uploads/", content=body, headers=headers).status_code in {400, 422}


def test_an_end_before_all_chunks_says_which_are_missing(client: TestClient) -> None:
    upload = initialize(client, len(DATA))
    send_chunks(client, upload, DATA, [1])
    answer = finalize(client, upload)
    assert (answer.status_code, answer.json()["code"]) == (409, "upload_incomplete")
    assert answer.json()["missing"] == [[0, 0], [2, 2]]
    assert read_state(client, upload)["state"] == "receiving"


def test_a_wrong_whole_checksum_lets_everything_be_sent_again(
    any_client: TestClient, any_context: Context
) -> None:
    size = max(64 * 1024, any_context.storage.parts.min_part_bytes) + 5
    data = make_bytes(size)
    upload = initialize(any_client, size, sha256=hash_bytes(data))
    send_chunks(any_client, upload, data[::-1])
    answer = finalize(any_client, upload)
    assert (answer.status_code, answer.json()["code"]) == (422, "checksum_mismatch")
    state = read_state(any_client, upload)
    assert (state["state"], state["received_bytes"]) == ("receiving", 0)
    assert state["error"]["code"] == "checksum_mismatch"
    await_objects(any_context, [])
    check_all(any_context)
    send_chunks(any_client, upload, data)
    assert finalize(any_client, upload).status_code == 201
    assert read_state(any_client, upload)["error"] is None
    check_all(any_context)


def test_twenty_ends_at_once_make_one_recording_and_one_job(
    client: TestClient, context: Context
) -> None:
    upload = initialize(client, len(DATA))
    send_chunks(client, upload, DATA)
    gate = threading.Barrier(20)

    def race(_: int) -> tuple[int, str]:
        gate.wait()
        answer = finalize(client, upload)
        return answer.status_code, answer.json()["id"]

    with ThreadPoolExecutor(20) as threads:
        outcomes = list(threads.map(race, range(20)))
    # A busy machine may make some wait for longer than a request should.
    assert {status for status, _ in outcomes} <= {201, 202}
    final = finalize(client, upload)
    assert final.status_code == 201
    assert {name for status, name in outcomes if status == 201} == {final.json()["id"]}
    assert client.get("/jobs/").json()["total"] == 1
    await_objects(context, ["recordings"])
    check_all(context)
