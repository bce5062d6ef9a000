"""Looking at jobs and transcripts over HTTP, and exporting them."""

import secrets

import pytest
from starlette.testclient import TestClient

from job_builders import add_job, must_claim, store_plan, store_span
from transcriber.engine.errors import ModelError
from transcriber.infra.context import Context
from transcriber.jobs.model_waits import note_problems


@pytest.fixture
def user_id(client: TestClient) -> str:
    answer = client.get("/auth/me").json()
    return str(answer["user_id"])


def complete(
    context: Context, job_id: str, texts: list[str], dropped: tuple[str, ...] = ()
) -> None:
    store_plan(context, must_claim(context), 1)
    claim = must_claim(context)
    assert claim.job_id == job_id
    store_span(context, claim, texts, dropped)


def test_jobs_are_listed_by_page_and_state(
    client: TestClient, context: Context, user_id: str
) -> None:
    done = add_job(context, user_id, name="done")
    complete(context, done, ["Hello."])
    waiting = [add_job(context, user_id, name=f"n{number}") for number in range(4)]
    add_job(context, "somebody else")
    first = client.get("/jobs/", params={"limit": 3}).json()
    rest = client.get("/jobs/", params={"limit": 3, "cursor": first["next_cursor"]}).json()
    assert first["total"] == 5
    assert [job["id"] for job in first["items"] + rest["items"]] == [*waiting[::-1], done]
    assert rest["next_cursor"] is None
    assert [job["queue_position"] for job in first["items"]] == [5, 4, 3]
    completed = client.get("/jobs/", params={"state": "completed"}).json()
    assert [job["id"] for job in completed["items"]] == [done]


@pytest.mark.parametrize(
    "query",
    ["limit=1000000000", "limit=0", "cursor=%7Btampered", "state=;drop", "cursor=" + "A" * 300],
)
@pytest.mark.parametrize("path", ["/jobs/", "/transcripts/"])
def test_a_bad_query_is_refused(client: TestClient, path: str, query: str) -> None:
    if path == "/transcripts/" and query.startswith("state"):
        query = "limit=x"
    assert client.get(f"{path}?{query}").status_code == 422


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/jobs/{}"),
        ("POST", "/jobs/{}/cancel"),
        ("POST", "/jobs/{}/retry"),
        ("DELETE", "/jobs/{}"),
        ("GET", "/transcripts/{}"),
        ("GET", "/transcripts/{}/export"),
    ],
)
def test_another_owners_job_and_a_missing_one_look_the_same(
    client: TestClient, context: Context, method: str, path: str
) -> None:
    theirs = add_job(context, "somebody else")
    complete(context, theirs, ["Secret."])
    answers = [
        client.request(method, path.format(job_id)) for job_id in (theirs, secrets.token_hex(16))
    ]
    assert [answer.status_code for answer in answers] == [404, 404]
    first, second = (answer.json() | {"request_id": ""} for answer in answers)
    assert first == second


def test_a_transcript_is_read_as_it_was_stored(
    client: TestClient, context: Context, user_id: str
) -> None:
    job_id = add_job(context, user_id, name="talk.mp3")
    assert client.get(f"/transcripts/{job_id}").status_code == 404
    complete(context, job_id, ["Hello there.", "Goodbye."], ("bye bye bye",))
    body = client.get(f"/transcripts/{job_id}").json()
    assert [segment["text"] for segment in body["segments"]] == ["Hello there.", "Goodbye."]
    assert [segment["index"] for segment in body["segments"]] == [0, 1]
    assert (body["language"], body["duration_seconds"], body["name"]) == ("en", 10.0, "talk.mp3")
    (passage,) = body["dropped"]
    assert (passage["reason"], passage["text"]) == ("repetition", "bye bye bye")
    listed = client.get("/transcripts/").json()["items"]
    assert [each["job_id"] for each in listed] == [job_id]


@pytest.mark.parametrize("name", ["txt", "srt", "vtt", "tsv", "json"])
def test_every_format_is_a_safe_attachment(
    client: TestClient, context: Context, user_id: str, name: str
) -> None:
    job_id = add_job(context, user_id, name='a"\r\nSet-Cookie: x=1\u00e9/../b.mp3.html')
    complete(context, job_id, ["Hello --> there."])
    answer = client.get(f"/transcripts/{job_id}/export", params={"format": name})
    assert answer.status_code == 200
    assert "set-cookie" not in answer.headers
    disposition = answer.headers["content-disposition"]
    assert disposition.startswith("attachment; filename=")
    assert f'.{name}"' in disposition
    assert "/" not in disposition
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "Hello" in answer.text


def test_subtitle_limits_apply_at_export(
    client: TestClient, context: Context, user_id: str
) -> None:
    job_id = add_job(context, user_id)
    complete(context, job_id, ["one two three four five six seven eight nine ten"])
    path = f"/transcripts/{job_id}/export"
    narrow = client.get(path, params={"format": "srt", "max_line_length": 12}).text
    assert max(len(line) for line in narrow.splitlines() if "-->" not in line) <= 12
    for bad in ("max_line_length=NaN", "max_line_count=99", "format=exe", "nonsense=1"):
        assert client.get(f"{path}?{bad}").status_code == 422
    crossed = client.get(path, params={"min_cue_seconds": 9, "max_cue_seconds": 2})
    assert crossed.status_code == 422


def test_the_life_of_a_job_over_http(client: TestClient, context: Context, user_id: str) -> None:
    job_id = add_job(context, user_id)
    assert client.post(f"/jobs/{job_id}/cancel").json()["state"] == "cancelled"
    retried = client.post(f"/jobs/{job_id}/retry").json()
    assert (retried["state"], retried["generation"]) == ("queued", 2)
    again = client.post(f"/jobs/{job_id}/retry")
    assert (again.status_code, again.json()["code"]) == (409, "job_state")
    assert client.delete(f"/jobs/{job_id}").status_code == 204
    assert client.get(f"/jobs/{job_id}").status_code == 404


def test_what_a_job_waits_for_has_a_code_and_a_sentence(
    client: TestClient, context: Context, user_id: str
) -> None:
    job_id = add_job(context, user_id)
    problem = ModelError("base.pt is truncated.", code="model_truncated")
    with context.database.unit_of_work() as uow:
        note_problems(uow.session, {"base": problem}, {})
    job = client.get(f"/jobs/{job_id}").json()
    assert job["waiting_code"] == "model_truncated"
    assert job["waiting_reason"] == "base.pt is truncated."


def test_staged_models_are_listed_with_what_is_wrong_with_them(client: TestClient) -> None:
    (model,) = client.get("/models").json()["items"]
    assert (model["name"], model["is_default"]) == ("base", True)
    assert "base.pt" in model["problem"]
