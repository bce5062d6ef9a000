"""Uploads over tus that are sent in pieces side by side, and joined."""

import itertools
import time
from dataclasses import replace
from typing import Any

import pytest
from starlette.testclient import TestClient

from service_context import open_client, sign_in
from transcriber.accounts.passwords import IssuedPassword
from transcriber.infra.context import Context
from transcriber.infra.identifiers import create_id
from transcriber.uploads.states import UploadState
from tus_client import PATH, VERSION, append, ask, begin, create, encode_metadata, name_upload
from upload_checks import await_objects, check_all
from upload_client import hash_bytes, make_bytes

CHUNK = 64 * 1024


def send_piece(client: TestClient, data: bytes) -> str:
    address = begin(client, len(data), Upload_Concat="partial")
    answer = append(client, address, 0, data)
    assert answer.status_code == 204, answer.text
    assert "job-id" not in answer.headers
    return address


def join(client: TestClient, addresses: list[str], **headers: str) -> Any:
    return create(client, None, Upload_Concat="final;" + " ".join(addresses), **headers)


def test_a_key_stands_for_the_pieces_it_was_sent_with(client: TestClient) -> None:
    first, second = send_piece(client, make_bytes(300)), send_piece(client, make_bytes(300, 1))
    made = join(client, [first], Idempotency_Key="k1")
    assert made.status_code == 201, made.text
    again = join(client, [first], Idempotency_Key="k1")
    assert (again.status_code, again.headers["location"]) == (201, made.headers["location"])
    for others in ([second], [first, second]):
        refused = join(client, others, Idempotency_Key="k1")
        assert (refused.status_code, refused.json()["code"]) == (409, "idempotency_conflict")
    named = encode_metadata(filename="other.mp3")
    renamed = join(client, [first], Idempotency_Key="k1", Upload_Metadata=named)
    assert (renamed.status_code, renamed.json()["code"]) == (409, "idempotency_conflict")
    # Nor does the key stand for an upload that is not joined, and the second piece is still free.
    assert create(client, 300, Idempotency_Key="k1").status_code == 409
    assert join(client, [second], Idempotency_Key="k2").status_code == 201


def read_state(client: TestClient, address: str) -> Any:
    return client.get(f"/uploads/{name_upload(address)}").json()


def await_job(client: TestClient, address: str) -> str:
    deadline = time.monotonic() + 60
    while (state := read_state(client, address))["state"] == "verifying":
        assert time.monotonic() < deadline
        time.sleep(0.05)
    assert state["state"] == "completed", state
    return str(state["job_id"])


def test_pieces_become_one_recording(any_client: TestClient, any_context: Context) -> None:
    chunk = max(CHUNK, any_context.storage.parts.min_part_bytes)
    data = make_bytes(2 * chunk + 5_000)
    cuts = [0, 1_000, 1_001, chunk + 77, len(data)]
    pieces = [data[a:b] for a, b in itertools.pairwise(cuts)]
    addresses = [send_piece(any_client, piece) for piece in pieces]
    assert [int(ask(any_client, each).headers["upload-offset"]) for each in addresses] == [
        len(piece) for piece in pieces
    ]
    check_all(any_context)
    metadata = encode_metadata(filename="long.wav", sha256=hash_bytes(data))
    answer = join(any_client, addresses, Upload_Metadata=metadata)
    assert answer.status_code == 201, answer.text
    address = answer.headers["location"]
    job = any_client.get(f"/jobs/{await_job(any_client, address)}").json()
    assert (job["name"], job["size_bytes"]) == ("long.wav", len(data))
    found = ask(any_client, address).headers
    assert found["upload-offset"] == found["upload-length"] == str(len(data))
    assert found["upload-concat"] == "final;" + " ".join(addresses)
    assert ask(any_client, addresses[0]).headers["upload-concat"] == "partial"
    # Asking again, as after a lost answer, gives the same upload.
    assert join(any_client, addresses, Upload_Metadata=metadata).headers["location"] == address
    assert append(any_client, address, 0, b"x").status_code == 403
    await_objects(any_context, ["recordings"])
    check_all(any_context)


def test_whole_addresses_name_pieces_too(client: TestClient, context: Context) -> None:
    addresses = [send_piece(client, b"a" * 10), send_piece(client, b"b" * 20)]
    answer = join(client, [f"https://somewhere.example:8443{each}" for each in addresses])
    assert answer.status_code == 201, answer.text
    await_job(client, answer.headers["location"])
    check_all(context)


@pytest.mark.parametrize(
    "names",
    [
        "final;",
        "final",
        "partial;",
        "whole",
        "final;/etc/passwd",
        "final;/uploads/tus/zz",
        "final;x y",
    ],
)
def test_what_names_no_pieces_is_refused(client: TestClient, names: str) -> None:
    answer = create(client, None, Upload_Concat=names)
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_upload_concat")


def test_only_whole_pieces_of_one_s_own_are_joined_and_only_once(
    client: TestClient, context: Context
) -> None:
    whole = send_piece(client, b"a" * 10)
    short = begin(client, 10, Upload_Concat="partial")
    append(client, short, 0, b"b" * 9)
    plain = begin(client, 10)
    unknown = f"{PATH}/{'0' * 32}"
    for names, status, code in (
        ([whole, short], 409, "upload_incomplete"),
        ([whole, plain], 409, "piece_conflict"),
        ([whole, unknown], 404, "upload_not_found"),
        ([whole, whole], 400, "bad_upload_concat"),
    ):
        answer = join(client, names)
        assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
    assert read_state(client, whole)["state"] == UploadState.RECEIVING
    check_all(context)
    assert client.post(f"/uploads/{name_upload(whole)}/finalize").json()["code"] == "piece"
    other = send_piece(client, b"c" * 10)
    assert join(client, [whole, other]).status_code == 201
    answer = join(client, [other, whole])
    assert (answer.status_code, answer.json()["code"]) == (409, "piece_conflict")
    check_all(context)


def test_nobody_joins_the_pieces_of_another(client: TestClient, context: Context) -> None:
    whole = send_piece(client, b"a" * 10)
    name = f"eve-{create_id()[:8]}"
    made = client.post("/api/admin/accounts", json={"name": name})
    with open_client(context) as other:
        other.headers.update(sign_in(other, IssuedPassword(name, made.json()["first_password"])))
        assert join(other, [whole]).status_code == 404
        assert ask(other, whole).status_code == 404
        assert append(other, whole, 10, b"").status_code == 404
        assert other.delete(whole, headers=VERSION).status_code == 404
    assert read_state(client, whole)["state"] == "receiving"


def test_a_sum_over_the_limit_is_refused(client: TestClient, context: Context) -> None:
    # Each is announced small enough; what is joined is one recording all the same.
    settings = context.settings.model_copy(update={"max_upload_bytes": 15})
    addresses = [send_piece(client, b"a" * 10), send_piece(client, b"b" * 10)]
    with open_client(replace(context, settings=settings)) as small:
        small.headers.update(client.headers)
        answer = join(small, addresses)
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")
    check_all(context)
