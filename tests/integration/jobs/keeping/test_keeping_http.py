"""Re-runs, retention, idempotency keys and administration over HTTP."""

import secrets
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update
from starlette.testclient import TestClient

from job_builders import add_job, must_claim, read_job, store_plan, store_span
from live_api import add_account
from transcriber.infra.clock import read_database_time
from transcriber.infra.context import Context
from transcriber.infra.idempotency import KEEP_FOR, IdempotencyKey
from transcriber.jobs.models import Job, JobEvent
from transcriber.jobs.upkeep import run_upkeep


@pytest.fixture
def user_id(client: TestClient) -> str:
    return str(client.get("/auth/me").json()["user_id"])


@pytest.fixture
def other(context: Context) -> dict[str, str]:
    """The headers of a further account, which is no administrator."""
    _, token = add_account(context)
    return {"Authorization": f"Bearer {token}"}


def complete(context: Context, owner: str, **choices: Any) -> str:
    job_id = add_job(context, owner, **choices)
    store_plan(context, must_claim(context), 1)
    store_span(context, must_claim(context), ["Hello."])
    return job_id


def age(context: Context, days: float) -> None:
    """Let every job have ended, and its recording have come, this long ago."""
    with context.database.unit_of_work() as uow:
        then = read_database_time(uow.session) - timedelta(days=days)
        for job in uow.session.scalars(select(Job).where(Job.finished_at.is_not(None))):
            job.finished_at = then
        uow.session.connection().exec_driver_sql("UPDATE recordings SET created_at = '2020-01-01'")


def count_recordings(context: Context) -> int:
    keys = [each.key for each in context.storage.find_objects()]
    return len([key for key in keys if key.startswith("recordings/")])


def list_actions(client: TestClient) -> list[tuple[str, str]]:
    items = client.get("/api/admin/audit").json()["items"]
    return [(entry["actor"], entry["action"]) for entry in items]


def test_a_job_is_run_again_with_other_options_over_the_same_recording(
    client: TestClient, context: Context, user_id: str
) -> None:
    first = complete(context, user_id, name="talk.mp3")
    answer = client.post(f"/jobs/{first}/rerun", json={"language": "de", "beam_size": 1})
    assert answer.status_code == 201
    second = answer.json()
    assert answer.headers["location"] == f"/jobs/{second['id']}"
    assert (second["name"], second["state"]) == ("talk.mp3", "queued")
    assert (second["options"]["language"], second["options"]["beam_size"]) == ("de", 1)
    assert count_recordings(context) == 1
    assert client.get(f"/transcripts/{first}").status_code == 200
    # The first one's deletion leaves the recording to the second.
    assert client.delete(f"/jobs/{first}").status_code == 204
    assert count_recordings(context) == 1
    assert client.get(f"/jobs/{second['id']}").json()["has_audio"] is True
    assert client.delete(f"/jobs/{second['id']}").status_code == 204
    assert count_recordings(context) == 0


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"model": "nonsense"}, "unknown_model"),
        ({"language": "klingon"}, "unknown_language"),
        ({"beam_size": 99}, "invalid"),
        ({"nonsense": 1}, "invalid"),
    ],
)
def test_a_re_run_with_bad_options_is_refused(
    client: TestClient, context: Context, user_id: str, body: dict[str, Any], code: str
) -> None:
    answer = client.post(f"/jobs/{add_job(context, user_id)}/rerun", json=body)
    assert (answer.status_code, answer.json()["code"]) == (422, code)


def test_a_repeated_re_run_makes_one_job(
    client: TestClient, context: Context, user_id: str
) -> None:
    path, headers = f"/jobs/{add_job(context, user_id)}/rerun", {"Idempotency-Key": "again"}
    ids = {client.post(path, json={"beam_size": 2}, headers=headers).json()["id"] for _ in "123"}
    assert len(ids) == 1
    changed = client.post(path, json={"beam_size": 3}, headers=headers)
    assert (changed.status_code, changed.json()["code"]) == (409, "idempotency_conflict")
    assert client.get("/jobs/").json()["total"] == 2


def test_a_repeated_account_gets_a_fresh_first_password_until_it_signs_in(
    client: TestClient,
) -> None:
    body = {"name": f"user {secrets.token_hex(6)}"}
    headers = {"Idempotency-Key": secrets.token_hex(8)}
    first, second = (
        client.post("/api/admin/accounts", json=body, headers=headers).json() for _ in "12"
    )
    assert first["user_id"] == second["user_id"]
    login = {"name": body["name"], "kind": "bearer"}
    stale = client.post("/auth/login", json=login | {"password": first["first_password"]})
    assert stale.status_code == 401
    good = client.post("/auth/login", json=login | {"password": second["first_password"]})
    assert good.status_code == 200
    third = client.post("/api/admin/accounts", json=body, headers=headers).json()
    assert (third["user_id"], third["first_password"]) == (first["user_id"], None)
    changed = client.post("/api/admin/accounts", json=body | {"role": "admin"}, headers=headers)
    assert changed.json()["code"] == "idempotency_conflict"


def test_old_keys_are_forgotten(client: TestClient, context: Context, user_id: str) -> None:
    first = add_job(context, user_id, key="k1")
    with context.database.unit_of_work() as uow:
        then = read_database_time(uow.session) - KEEP_FOR - timedelta(hours=1)
        uow.session.execute(update(IdempotencyKey).values(created_at=then))
    run_upkeep(context)
    assert add_job(context, user_id, key="k1") != first


# Asking again to finalize an upload gives its one job, without a key.  Whoever signs up has no
# account yet whose key it could be; the invitation works once, and the name is taken.
WITHOUT_KEY = ("/finalize", "/auth/sign-up")


def test_every_route_that_creates_declares_the_key(client: TestClient) -> None:
    for path, operations in client.get("/openapi.json").json()["paths"].items():
        operation = operations.get("post", {})
        if "201" in operation.get("responses", {}) and not path.endswith(WITHOUT_KEY):
            headers = {each["name"] for each in operation.get("parameters", [])}
            assert "Idempotency-Key" in headers, path


def test_the_audio_goes_on_request_and_the_transcript_stays(
    client: TestClient, context: Context, user_id: str
) -> None:
    job_id = complete(context, user_id)
    for _ in "12":
        assert client.delete(f"/jobs/{job_id}/recording").status_code == 204
    assert count_recordings(context) == 0
    assert client.get(f"/jobs/{job_id}").json()["has_audio"] is False
    assert client.get(f"/transcripts/{job_id}").status_code == 200
    refused = client.post(f"/jobs/{job_id}/rerun")
    assert (refused.status_code, refused.json()["code"]) == (409, "recording_gone")


def test_a_retry_without_audio_and_a_removal_under_way_are_refused(
    client: TestClient, context: Context, user_id: str
) -> None:
    job_id = add_job(context, user_id)
    busy = client.delete(f"/jobs/{job_id}/recording")
    assert (busy.status_code, busy.json()["code"]) == (409, "recording_in_use")
    client.post(f"/jobs/{job_id}/cancel")
    assert client.delete(f"/jobs/{job_id}/recording").status_code == 204
    refused = client.post(f"/jobs/{job_id}/retry")
    assert (refused.status_code, refused.json()["code"]) == (409, "recording_gone")


def test_retention_removes_audio_and_later_the_job(
    client: TestClient, context: Context, user_id: str
) -> None:
    wish = {"audio_days": 7, "transcript_days": 30}
    changed = client.put("/account/retention", json=wish).json()
    assert changed["effective"] == wish
    job_id = complete(context, user_id)
    waiting = add_job(context, user_id)
    run_upkeep(context)
    assert client.get(f"/jobs/{job_id}").json()["has_audio"] is True
    age(context, 8)
    run_upkeep(context)
    assert client.get(f"/jobs/{job_id}").json()["has_audio"] is False
    assert client.get(f"/transcripts/{job_id}").status_code == 200
    age(context, 31)
    run_upkeep(context)
    assert client.get(f"/jobs/{job_id}").status_code == 404
    assert client.get(f"/jobs/{waiting}").json()["has_audio"] is True
    assert list_actions(client)[:2] == [
        ("retention", "job.delete"),
        ("retention", "recording.delete"),
    ]


def test_no_days_of_audio_means_until_the_job_has_ended(
    client: TestClient, context: Context, user_id: str
) -> None:
    client.put("/account/retention", json={"audio_days": 0, "transcript_days": None})
    running = add_job(context, user_id)
    run_upkeep(context)
    assert client.get(f"/jobs/{running}").json()["has_audio"] is True
    client.post(f"/jobs/{running}/cancel")
    run_upkeep(context)
    assert client.get(f"/jobs/{running}").json()["has_audio"] is False


def test_an_owner_can_only_be_stricter_than_the_operator(client: TestClient, user_id: str) -> None:
    path = f"/api/admin/accounts/{user_id}/retention"
    operator = {"audio_days": 10, "transcript_days": None}
    for _ in "12":
        assert client.put(path, json=operator).json()["operator"] == operator
    longer = client.put("/account/retention", json={"audio_days": 11, "transcript_days": None})
    assert (longer.status_code, longer.json()["code"]) == (422, "retention_too_long")
    client.put("/account/retention", json={"audio_days": 10, "transcript_days": 5})
    client.put(path, json={"audio_days": 3, "transcript_days": None})
    effective = client.get("/account/retention").json()["effective"]
    assert effective == {"audio_days": 3, "transcript_days": 5}
    assert client.get(path).json()["effective"] == effective


def test_an_administrator_acts_on_anybodys_job_and_is_named(
    client: TestClient, context: Context, user_id: str
) -> None:
    job_id = add_job(context, "somebody else")
    path = f"/api/admin/jobs/{job_id}"
    shown = client.patch(path, json={"priority": 7}).json()
    assert (shown["priority"], shown["user_id"]) == (7, "somebody else")
    assert client.patch(path, json={"priority": 11}).status_code == 422
    assert client.post(f"{path}/cancel").json()["state"] == "cancelled"
    assert client.patch(path, json={"priority": 1}).json()["code"] == "job_state"
    assert client.post(f"{path}/retry").json()["state"] == "queued"
    rerun = client.post(f"{path}/rerun", json={"beam_size": 1}).json()
    assert rerun["user_id"] == "somebody else"
    with context.database.snapshot() as session:
        actors = set(session.scalars(select(JobEvent.actor).where(JobEvent.job_id == job_id)))
    assert f"admin:{user_id}" in actors
    assert client.delete(path).status_code == 204
    assert client.get(path).status_code == 404
    acts = [action for actor, action in list_actions(client) if actor == f"admin:{user_id}"]
    assert acts == ["job.delete", "job.submit", "job.retry", "job.cancel", "job.prioritise"]


def test_everybodys_jobs_are_listed_by_page_state_and_owner(
    client: TestClient, context: Context
) -> None:
    ids = [add_job(context, owner) for owner in ("a", "b", "a")]
    first = client.get("/api/admin/jobs", params={"limit": 2}).json()
    rest = client.get("/api/admin/jobs", params={"cursor": first["next_cursor"]}).json()
    assert [job["id"] for job in first["items"] + rest["items"]] == ids[::-1]
    only = client.get("/api/admin/jobs", params={"user_id": "a", "state": "queued"}).json()
    assert (only["total"], {job["user_id"] for job in only["items"]}) == (2, {"a"})


def test_the_audit_trail_is_read_by_page(client: TestClient, context: Context) -> None:
    for _ in range(3):
        client.delete(f"/api/admin/jobs/{add_job(context, 'a')}")
    first = client.get("/api/admin/audit", params={"limit": 4}).json()
    second = client.get("/api/admin/audit", params={"cursor": first["next_cursor"]}).json()
    ids = [entry["id"] for entry in first["items"] + second["items"]]
    assert ids == sorted(ids, reverse=True)
    # Submitted, its recording removed, deleted: three acts each.
    assert len(ids) == len(set(ids)) == 9
    assert client.get("/api/admin/audit?cursor=nonsense").status_code == 422


@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", "/jobs/{}/rerun"), ("DELETE", "/jobs/{}/recording"), ("DELETE", "/jobs/{}")],
)
def test_somebody_elses_job_is_unknown(
    client: TestClient, context: Context, other: dict[str, str], method: str, path: str
) -> None:
    job_id = add_job(context, "somebody else")
    assert client.request(method, path.format(job_id), headers=other).status_code == 404
    assert read_job(context, job_id).state == "queued"


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/api/admin/jobs"),
        ("GET", "/api/admin/jobs/{}"),
        ("PATCH", "/api/admin/jobs/{}"),
        ("POST", "/api/admin/jobs/{}/cancel"),
        ("POST", "/api/admin/jobs/{}/retry"),
        ("POST", "/api/admin/jobs/{}/rerun"),
        ("DELETE", "/api/admin/jobs/{}"),
        ("DELETE", "/api/admin/jobs/{}/recording"),
        ("GET", "/api/admin/accounts/{}/retention"),
        ("PUT", "/api/admin/accounts/{}/retention"),
        ("GET", "/api/admin/audit"),
    ],
)
def test_administration_is_refused_to_others(
    client: TestClient, context: Context, other: dict[str, str], method: str, path: str
) -> None:
    body = {"priority": 1} if method == "PATCH" else None
    if method == "PUT":
        body = {"audio_days": 1, "transcript_days": 1}
    answer = client.request(method, path.format(add_job(context, "a")), json=body, headers=other)
    assert answer.status_code == 403
