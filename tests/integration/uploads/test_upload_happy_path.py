"""A recording in chunks, from its announcement to its job, on every database and storage."""

import random
from typing import Any

from sqlalchemy import select
from starlette.testclient import TestClient

from hostile_media import build_noise, build_wav
from job_builders import FakeEngines
from service_context import RecordingQueue
from transcriber.infra.context import Context
from transcriber.jobs.runner import Runner
from transcriber.recordings.models import Recording
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


def make_recording(context: Context) -> bytes:
    """Three full chunks and a short one, as long as the storage wants them."""
    chunk = max(context.settings.upload_chunk_bytes, context.storage.parts.min_part_bytes)
    return make_bytes(3 * chunk + 1_234)


def test_chunks_in_any_order_become_the_recording_of_a_job(
    any_client: TestClient, any_context: Context
) -> None:
    data = make_recording(any_context)
    options = {"language": "de", "beam_size": 2}
    upload = initialize(any_client, len(data), sha256=hash_bytes(data).upper(), options=options)
    assert (upload["state"], upload["chunk_count"], upload["received_bytes"]) == ("receiving", 4, 0)
    assert upload["missing"] == [{"first": 0, "last": 3}]
    check_all(any_context)
    order = [0, 1, 2, 3]
    random.Random(1).shuffle(order)
    for number in order:
        chunk = data[number * upload["chunk_bytes"] :][: upload["chunk_bytes"]]
        answer = send_chunk(any_client, upload, data, number, **digest_header(chunk))
        assert answer.status_code == 200, answer.text
        assert answer.json() == {
            "upload_id": upload["id"],
            "number": number,
            "size_bytes": len(chunk),
            "sha256": hash_bytes(chunk),
        }
        check_all(any_context)
    assert list_missing(any_client, upload) == []
    assert read_state(any_client, upload)["received_bytes"] == len(data)
    answer = finalize(any_client, upload)
    assert answer.status_code == 201, answer.text
    job = answer.json()
    assert answer.headers["location"] == f"/jobs/{job['id']}"
    assert (job["state"], job["name"], job["size_bytes"]) == ("queued", "talk.mp3", len(data))
    assert (job["options"]["language"], job["options"]["beam_size"]) == ("de", 2)
    state = read_state(any_client, upload)
    assert (state["state"], state["job_id"], state["missing"]) == ("completed", job["id"], [])
    check_all(any_context)
    with any_context.database.snapshot() as session:
        recording = session.scalars(select(Recording)).one()
    assert recording.sha256 == hash_bytes(data)
    assert await_objects(any_context, ["recordings"]) == [recording.storage_key]
    assert isinstance(any_context.queue, RecordingQueue)
    assert any_context.queue.published == [(job["id"], None)]


def test_a_repeated_chunk_and_a_repeated_end_get_the_same_answer(
    any_client: TestClient, any_context: Context
) -> None:
    data = make_recording(any_context)
    upload = initialize(any_client, len(data))
    first = send_chunk(any_client, upload, data, 1)
    again = send_chunk(any_client, upload, data, 1)
    assert (first.status_code, again.status_code) == (200, 200)
    assert first.json() == again.json()
    check_all(any_context)
    other = send_chunk(any_client, upload, data[::-1], 1)
    assert (other.status_code, other.json()["code"]) == (409, "chunk_conflict")
    send_chunks(any_client, upload, data, [0, 2, 3])
    answers = [finalize(any_client, upload) for _ in range(3)]
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert any_client.get("/jobs/").json()["total"] == 1
    late = send_chunk(any_client, upload, data, 1)
    assert (late.status_code, late.json()["code"]) == (409, "upload_state")
    check_all(any_context)


def test_the_end_names_what_the_same_bytes_have_become_before(
    any_client: TestClient, any_context: Context
) -> None:
    data = build_wav(build_noise(2))
    answers: list[dict[str, Any]] = []
    for language in ("en", "en", "de"):
        upload = initialize(
            any_client, len(data), options={"language": language, "vad_filter": False}
        )
        send_chunks(any_client, upload, data)
        answers.append(finalize(any_client, upload).json())
        assert finalize(any_client, upload).json()["duplicate_of"] == answers[-1]["duplicate_of"]
        Runner(any_context, FakeEngines(), worker_id="w1").run_token()
    first, second, third = answers
    assert first["duplicate_of"] is None
    assert second["duplicate_of"]["recording_id"] == first["recording_id"]
    assert second["duplicate_of"]["job_ids"] == [first["id"]]
    assert third["duplicate_of"]["job_ids"] == []


def test_an_upload_is_cancelled_with_all_it_had(
    any_client: TestClient, any_context: Context
) -> None:
    data = make_recording(any_context)
    upload = initialize(any_client, len(data))
    send_chunks(any_client, upload, data, [0, 1])
    assert list(any_context.storage.find_objects())
    for _ in range(2):
        assert any_client.delete(f"/uploads/{upload['id']}").status_code == 204
    assert list(any_context.storage.find_objects()) == []
    for answer in (any_client.get(f"/uploads/{upload['id']}"), finalize(any_client, upload)):
        assert (answer.status_code, answer.json()["code"]) == (410, "upload_cancelled")
    assert send_chunk(any_client, upload, data, 2).status_code == 410
    check_all(any_context)
