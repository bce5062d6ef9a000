"""What owners do is written down once, from where they did it, and shown to them."""

from collections.abc import Generator
from typing import Any

import pytest
from starlette.testclient import TestClient

from job_builders import add_job, must_claim, store_plan, store_span
from service_context import open_client, require_first_admin, sign_in
from transcriber.infra.context import Context
from transcriber.infra.settings import Settings
from upload_client import finalize, initialize, make_bytes, send_chunks

ADDRESS = "203.0.113.9"
URL = "https://hooks.example.org/secret-path"


@pytest.fixture
def owner(context: Context) -> Generator[TestClient]:
    with open_client(context, client=(ADDRESS, 50_000)) as client:
        client.headers.update(sign_in(client, require_first_admin(context)))
        yield client


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return settings.model_copy(update={"webhook_allowed_hosts": ("hooks.example.org",)})


def list_acts(client: TestClient, *kinds: str) -> list[tuple[str, str]]:
    """Oldest first, with the object."""
    items: list[dict[str, Any]] = client.get("/api/admin/audit?limit=200").json()["items"]
    assert {entry["address"] for entry in items if entry["object_kind"] in kinds} <= {ADDRESS}
    return [
        (entry["action"], entry["object_id"])
        for entry in reversed(items)
        if entry["object_kind"] in kinds
    ]


def test_uploads_become_one_submission_from_where_they_were_finalized(
    owner: TestClient, context: Context
) -> None:
    data = make_bytes(context.settings.upload_chunk_bytes + 5)
    upload = initialize(owner, len(data))
    send_chunks(owner, upload, data)
    job_id = finalize(owner, upload).json()["id"]
    finalize(owner, upload)
    given_up = initialize(owner, 10)
    for _ in range(2):
        assert owner.delete(f"/uploads/{given_up['id']}").status_code == 204
    assert list_acts(owner, "upload", "job") == [
        ("upload.finalize", upload["id"]),
        ("job.submit", job_id),
        ("upload.cancel", given_up["id"]),
    ]


def test_jobs_sent_directly_are_submitted_once_each(owner: TestClient) -> None:
    def send(path: str, field: str) -> Any:
        files = [(field, (f"{number}.mp3", b"bytes", "audio/mpeg")) for number in range(2)]
        sent = files if path.endswith("batch") else files[:1]
        return owner.post(path, files=sent, headers={"Idempotency-Key": "k" * 8}).json()

    for _ in range(2):
        job_id = send("/jobs/", "file")["id"]
        batch = [item["job"]["id"] for item in send("/jobs/batch", "file")["items"]]
    again = owner.post(f"/jobs/{job_id}/rerun", json={}).json()["id"]
    assert owner.post(f"/jobs/{again}/cancel").status_code == 200
    assert owner.post(f"/jobs/{again}/cancel").status_code == 200
    assert owner.post(f"/jobs/{again}/retry").status_code == 200
    assert owner.delete(f"/jobs/{again}").status_code == 204
    submitted = [("job.submit", each) for each in (job_id, *batch, again)]
    rest = [("job.cancel", again), ("job.retry", again), ("job.delete", again)]
    assert list_acts(owner, "job") == submitted + rest
    chosen = {"object_id": again, "action": "job.submit"}
    (rerun,) = owner.get("/api/admin/audit", params=chosen).json()["items"]
    assert rerun["detail"] == f"rerun of {job_id}"


def test_taking_a_transcript_out_and_naming_a_receiver_are_acts(
    owner: TestClient, context: Context
) -> None:
    user_id = owner.get("/auth/me").json()["user_id"]
    job_id = add_job(context, user_id)
    store_plan(context, must_claim(context), 1)
    store_span(context, must_claim(context), ["Hello."])
    assert owner.get(f"/transcripts/{job_id}/export?format=srt").status_code == 200
    assert owner.get(f"/transcripts/{'0' * 32}/export?format=srt").status_code == 404
    webhook = owner.post("/webhooks/", json={"url": URL}).json()
    owner.delete(f"/webhooks/{webhook['id']}")
    assert list_acts(owner, "transcript", "webhook") == [
        ("transcript.export", job_id),
        ("webhook.create", webhook["id"]),
        ("webhook.delete", webhook["id"]),
    ]
    assert "secret-path" not in owner.get("/api/admin/audit?limit=200").text


def test_owners_see_who_did_what_to_theirs_and_no_address_of_others(
    owner: TestClient, context: Context
) -> None:
    made = owner.post("/api/admin/accounts", json={"name": "bob"}).json()
    body = {"name": "bob", "password": made["first_password"], "kind": "bearer"}
    token = owner.post("/auth/login", json=body).json()["token"]
    bob = {"Authorization": f"Bearer {token}"}
    assert owner.get("/auth/activity", headers={"Authorization": ""}).status_code == 401
    bob_id = owner.get("/auth/me", headers=bob).json()["user_id"]
    job_id = add_job(context, bob_id)
    add_job(context, "somebody else")
    assert owner.get(f"/api/admin/jobs/{job_id}").status_code == 200
    assert owner.delete(f"/jobs/{job_id}", headers=bob).status_code == 204
    shown = owner.get("/auth/activity", headers=bob)
    jobs = [
        (act["by"], act["action"], act["address"])
        for act in reversed(shown.json()["items"])
        if act["object_kind"] == "job"
    ]
    assert jobs == [
        ("you", "job.submit", None),
        ("administrator", "job.read", None),
        ("you", "job.delete", ADDRESS),
    ]
    assert owner.get("/auth/me").json()["user_id"] not in shown.text
    assert "somebody else" not in shown.text
    first = owner.get("/auth/activity?limit=1", headers=bob).json()
    rest = owner.get(f"/auth/activity?cursor={first['next_cursor']}", headers=bob).json()
    assert first["items"] + rest["items"] == shown.json()["items"]
    assert owner.get("/auth/activity?cursor=x", headers=bob).status_code == 422
