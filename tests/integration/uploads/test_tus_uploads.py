"""A recording over tus, from its announcement to its job, on every database and storage."""

import json
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import pytest
from starlette.testclient import TestClient

from transcriber.infra.context import Context
from tus_client import (
    BODY,
    PATH,
    VERSION,
    append,
    ask,
    begin,
    checksum_header,
    create,
    encode_metadata,
    name_upload,
    read_offset,
)
from upload_checks import await_objects, check_all
from upload_client import hash_bytes, make_bytes


def make_recording(context: Context) -> tuple[bytes, int]:
    """Two full chunks and a short one, and the length of a chunk."""
    chunk = max(context.settings.upload_chunk_bytes, context.storage.parts.min_part_bytes)
    return make_bytes(2 * chunk + 1_234), chunk


def test_bytes_that_come_in_any_pieces_become_the_recording_of_a_job(
    any_client: TestClient, any_context: Context
) -> None:
    data, chunk = make_recording(any_context)
    options = json.dumps({"language": "de", "beam_size": 2})
    metadata = encode_metadata(filename="board.m4a", options=options, sha256=hash_bytes(data))
    address = begin(any_client, len(data), Upload_Metadata=metadata)
    offset, job_id = 0, None
    for end in (1, 1_000, chunk - 1, chunk, chunk + 7, 2 * chunk + 3, len(data)):
        answer = append(any_client, address, offset, data[offset:end])
        assert answer.status_code == 204, answer.text
        assert answer.headers["tus-resumable"] == "1.0.0"
        offset = int(answer.headers["upload-offset"])
        assert offset == end
        check_all(any_context)
        job_id = answer.headers.get("job-id")
        if end < len(data):
            assert job_id is None
            assert read_offset(any_client, address) == end
            state = any_client.get(f"/uploads/{name_upload(address)}").json()
            assert (state["state"], state["received_bytes"]) == ("receiving", end)
            assert state["protocol"] == "tus"
    job = any_client.get(f"/jobs/{job_id}").json()
    assert (job["state"], job["name"], job["size_bytes"]) == ("queued", "board.m4a", len(data))
    assert (job["options"]["language"], job["options"]["beam_size"]) == ("de", 2)
    answer = ask(any_client, address)
    assert answer.headers["upload-offset"] == answer.headers["upload-length"] == str(len(data))
    assert answer.headers["upload-metadata"] == metadata
    assert await_objects(any_context, ["recordings"])
    check_all(any_context)


def test_the_first_bytes_may_come_with_the_announcement(
    any_client: TestClient, any_context: Context
) -> None:
    data, _ = make_recording(any_context)
    headers = {**VERSION, **BODY, "Upload-Length": str(len(data))}
    answer = any_client.post(PATH, headers=headers, content=data[:5_000])
    assert answer.status_code == 201, answer.text
    assert answer.headers["upload-offset"] == "5000"
    expiry = parsedate_to_datetime(answer.headers["upload-expires"])
    assert expiry > datetime.now(UTC)
    address = answer.headers["location"]
    rest = append(any_client, address, 5_000, data[5_000:])
    assert any_client.get(f"/jobs/{rest.headers['job-id']}").json()["name"] == "recording"
    whole = any_client.post(PATH, headers=headers, content=data)
    assert whole.status_code == 201
    assert whole.headers["upload-offset"] == str(len(data))
    assert "job-id" in whole.headers
    check_all(any_context)


def test_a_checksum_goes_with_any_body(any_client: TestClient, any_context: Context) -> None:
    data, chunk = make_recording(any_context)
    address = begin(any_client, len(data))
    offset = 0
    ends = (10, chunk + 10, len(data) - 1, len(data))
    for end, algorithm in zip(ends, ("sha1", "sha256", "sha512", "md5"), strict=True):
        piece = data[offset:end]
        answer = append(any_client, address, offset, piece, **checksum_header(b"other", algorithm))
        assert (answer.status_code, answer.json()["code"]) == (460, "checksum_mismatch")
        assert read_offset(any_client, address) == offset
        check_all(any_context)
        answer = append(any_client, address, offset, piece, **checksum_header(piece, algorithm))
        assert answer.status_code == 204, answer.text
        offset = end
    assert "job-id" in answer.headers
    check_all(any_context)


def test_options_asks_nobody_who_they_are(client: TestClient, context: Context) -> None:
    for address in (PATH, f"{PATH}/", f"{PATH}/{'a' * 32}"):
        answer = client.options(address, headers={"Authorization": ""})
        assert answer.status_code == 204
        assert answer.headers["tus-version"] == "1.0.0"
        assert answer.headers["tus-max-size"] == str(context.settings.max_upload_bytes)
        assert set(answer.headers["tus-extension"].split(",")) == {
            *("creation", "creation-with-upload", "checksum"),
            *("expiration", "termination", "concatenation"),
        }
        assert "sha1" in answer.headers["tus-checksum-algorithm"].split(",")


def test_a_post_may_stand_in_for_other_methods(client: TestClient, context: Context) -> None:
    address = begin(client, 100)
    headers = {**VERSION, **BODY, "Upload-Offset": "0", "X-HTTP-Method-Override": "PATCH"}
    assert client.post(address, headers=headers, content=b"x" * 10).status_code == 204
    assert read_offset(client, address) == 10
    gone = client.post(address, headers={**VERSION, "X-HTTP-Method-Override": "DELETE"})
    assert gone.status_code == 204
    assert ask(client, address).status_code == 410
    check_all(context)


def test_a_terminated_upload_leaves_nothing(any_client: TestClient, any_context: Context) -> None:
    data, chunk = make_recording(any_context)
    address = begin(any_client, len(data))
    append(any_client, address, 0, data[: chunk + 100])
    assert any_client.delete(address, headers=VERSION).status_code == 204
    assert any_client.delete(address, headers=VERSION).status_code == 204
    answer = append(any_client, address, chunk + 100, b"x")
    assert (answer.status_code, answer.json()["code"]) == (410, "upload_cancelled")
    assert answer.headers["tus-resumable"] == "1.0.0"
    await_objects(any_context, [])
    check_all(any_context)


def test_the_same_idempotency_key_gives_the_same_upload(client: TestClient) -> None:
    first = begin(client, 100, Idempotency_Key="k1")
    append(client, first, 0, b"x" * 10)
    assert begin(client, 100, Idempotency_Key="k1") == first
    assert create(client, 101, Idempotency_Key="k1").status_code == 409
    # The first bytes may come again with it, and are not added a second time.
    again = client.post(
        PATH,
        headers={**VERSION, **BODY, "Upload-Length": "100", "Idempotency-Key": "k1"},
        content=b"x" * 10,
    )
    assert (again.status_code, again.headers["upload-offset"]) == (201, "10")


def test_chunks_and_tus_do_not_mix(client: TestClient) -> None:
    address = begin(client, 100)
    upload_id = name_upload(address)
    answer = client.put(f"/uploads/{upload_id}/chunks/0", content=b"x" * 100)
    assert (answer.status_code, answer.json()["code"]) == (409, "other_protocol")
    canonical = client.post("/uploads/", json={"name": "a.mp3", "size_bytes": 10}).json()["id"]
    assert ask(client, f"{PATH}/{canonical}").status_code == 404
    assert append(client, f"{PATH}/{canonical}", 0, b"x").status_code == 404
    assert client.get("/uploads/").json()["items"][0]["id"] == canonical
    client.delete(f"/uploads/{canonical}")


@pytest.mark.parametrize("version", [None, "0.2.2", "2.0.0"])
def test_another_version_is_refused_before_anything_else(
    client: TestClient, version: str | None
) -> None:
    headers = {"Upload-Length": "5"} | ({"Tus-Resumable": version} if version else {})
    answer = client.post(PATH, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (412, "tus_version")
    assert answer.headers["tus-version"] == "1.0.0"
