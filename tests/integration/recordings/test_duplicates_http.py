"""Sending a recording a second time: one copy, named jobs, and never anybody else's."""

import hashlib
import secrets

import pytest
from httpx import Response
from starlette.testclient import TestClient

from hostile_media import build_noise, build_wav
from job_builders import FakeEngines, add_job, read_job
from transcriber.infra.context import Context
from transcriber.jobs.runner import Runner
from transcriber.recordings.models import Recording

DATA = build_wav(build_noise(2))


def send(
    client: TestClient, data: bytes = DATA, *, key: str | None = None, **form: str
) -> Response:
    headers = {} if key is None else {"Idempotency-Key": key}
    return client.post(
        "/jobs/",
        files={"file": ("talk.wav", data)},
        data={"vad_filter": "false"} | form,
        headers=headers,
    )


def work(context: Context) -> None:
    Runner(context, FakeEngines(), worker_id="w1").run_token()


def count_copies(context: Context) -> int:
    keys = [each.key for each in context.storage.find_objects()]
    return sum(key.startswith("recordings/") for key in keys)


def test_the_second_time_the_answer_names_what_is_there(
    client: TestClient, context: Context
) -> None:
    first = send(client).json()
    assert first["duplicate_of"] is None
    early = send(client, name="again").json()
    assert early["duplicate_of"]["recording_id"] == first["recording_id"]
    assert early["duplicate_of"]["job_ids"] == []
    work(context)
    late = send(client)
    assert late.status_code == 201
    assert late.json()["state"] == "queued"
    found = late.json()["duplicate_of"]
    assert found["recording_id"] == first["recording_id"]
    assert (found["name"], found["has_audio"]) == ("talk.wav", True)
    assert found["job_ids"] == [early["id"], first["id"]]
    other = send(client, beam_size="2").json()["duplicate_of"]
    assert (other["recording_id"], other["job_ids"]) == (first["recording_id"], [])
    # Jobs share the one copy, and it goes with the last of them.
    ids = [job["id"] for job in client.get("/jobs/").json()["items"]]
    assert {job["recording_id"] for job in client.get("/jobs/").json()["items"]} == {
        first["recording_id"]
    }
    for job_id in ids:
        assert count_copies(context) == 1
        assert client.delete(f"/jobs/{job_id}").status_code == 204
    assert list(context.storage.find_objects()) == []


def test_with_reuse_a_finished_job_is_the_answer(client: TestClient, context: Context) -> None:
    first = send(client, reuse="true")
    assert first.status_code == 201
    work(context)
    again = send(client, reuse="true")
    assert (again.status_code, again.json()["id"]) == (200, first.json()["id"])
    assert again.headers["location"] == f"/jobs/{first.json()['id']}"
    assert again.json()["state"] == "completed"
    assert (client.get("/jobs/").json()["total"], count_copies(context)) == (1, 1)
    other = send(client, reuse="true", beam_size="2")
    assert (other.status_code, other.json()["state"]) == (201, "queued")
    # A transcript without its audio is still the answer to the same question.
    work(context)
    client.delete(f"/recordings/{first.json()['recording_id']}")
    kept = send(client, reuse="true")
    assert (kept.status_code, kept.json()["has_audio"], count_copies(context)) == (200, False, 0)


def test_a_repeated_key_gives_its_own_job_and_answer(client: TestClient, context: Context) -> None:
    keys = [secrets.token_hex(8) for _ in range(2)]
    first = send(client, key=keys[0], reuse="true").json()
    second = send(client, key=keys[1], reuse="true").json()
    assert first["id"] != second["id"]
    work(context)
    repeated = [send(client, key=key, reuse="true") for key in keys]
    assert [answer.status_code for answer in repeated] == [201, 201]
    assert [answer.json()["id"] for answer in repeated] == [first["id"], second["id"]]
    assert repeated[0].json()["duplicate_of"] is None
    changed = send(client, key=keys[0])
    assert (changed.status_code, changed.json()["code"]) == (409, "idempotency_conflict")
    assert count_copies(context) == 1


def test_nobody_learns_what_others_have(client: TestClient, context: Context) -> None:
    theirs = add_job(context, "somebody else", data=DATA)
    work(context)
    answer = send(client, reuse="true")
    assert answer.status_code == 201
    assert answer.json()["duplicate_of"] is None
    assert answer.json()["recording_id"] != read_job(context, theirs).recording_id
    assert count_copies(context) == 2
    digest = hashlib.sha256(DATA).hexdigest()
    found = client.get("/recordings/", params={"sha256": digest}).json()["items"]
    assert [each["id"] for each in found] == [answer.json()["recording_id"]]


@pytest.mark.parametrize("harm", ["lost", "short", "removed"])
def test_a_copy_that_is_not_whole_is_not_shared(
    client: TestClient, context: Context, harm: str
) -> None:
    first = send(client).json()
    with context.database.snapshot() as session:
        key = session.get_one(Recording, first["recording_id"]).storage_key
    if harm == "removed":
        work(context)
        client.delete(f"/recordings/{first['recording_id']}")
    else:
        context.storage.delete(key)
    if harm == "short":
        writer = context.storage.create(key)
        writer.write(DATA[:-1])
        writer.commit()
    second = send(client).json()
    assert second["recording_id"] != first["recording_id"]
    assert client.get(f"/recordings/{second['recording_id']}/media").content == DATA
    assert second["duplicate_of"]["recording_id"] == first["recording_id"]
    assert second["duplicate_of"]["has_audio"] is (harm != "removed")
