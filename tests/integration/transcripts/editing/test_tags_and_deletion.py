"""Tags, and deleting a transcript for good."""

import secrets
from typing import Any

import pytest
from sqlalchemy import func, select
from starlette.testclient import TestClient

from transcriber.infra.audit import AuditEntry
from transcriber.infra.context import Context
from transcriber.transcripts.models import (
    DeletedTranscriptRow,
    DroppedPassageRow,
    SegmentRow,
    TranscriptRow,
)
from transcriber.transcripts.revisions.models import RevisionRow
from transcriber.transcripts.tags.models import TranscriptTagRow
from transcriber.transcripts.tags.repository import has_tag
from transcriber.transcripts.tags.spelling import fold_tag
from transcript_builders import add_transcript

CONTENT = (TranscriptRow, SegmentRow, DroppedPassageRow, RevisionRow, TranscriptTagRow)


def count_rows(context: Context, *tables: Any) -> int:
    with context.database.snapshot() as session:
        return sum(session.scalar(select(func.count()).select_from(each)) or 0 for each in tables)


def test_tags_are_tidied_and_unique_whatever_their_capitals(
    client: TestClient, context: Context, path: str, user_id: str
) -> None:
    answer = client.put(f"{path}/tags", json={"tags": [" Work  trip ", "WORK TRIP", "Äpfel"]})
    assert answer.json() == {"tags": ["Work trip", "Äpfel"]}
    assert client.get(f"{path}/tags").json() == answer.json()
    other = f"/transcripts/{add_transcript(context, user_id)}"
    assert client.put(f"{other}/tags", json={"tags": ["work trip"]}).is_success
    theirs = add_transcript(context, "somebody else")
    with context.database.unit_of_work() as uow:
        uow.session.add(
            TranscriptTagRow(job_id=theirs, user_id="somebody else", key="secret", tag="Secret")
        )
        has_it = has_tag(user_id, fold_tag("Work Trip"))
        tagged = uow.session.scalars(select(TranscriptRow).where(has_it))
        assert {row.job_id for row in tagged} == {path[13:], other[13:]}
    first = client.get("/transcripts/tags", params={"limit": 1}).json()
    assert [each["transcripts"] for each in first["items"]] == [2]
    rest = client.get("/transcripts/tags", params={"after": first["next_after"]}).json()
    assert rest == {"items": [{"tag": "Äpfel", "transcripts": 1}], "next_after": None}
    assert client.put(f"{path}/tags", json={"tags": []}).json() == {"tags": []}


@pytest.mark.parametrize(
    "tags", [["x" * 65], ["  "], ["a\u0007"], [7], ["t"] * 33, "work", [["a"]], None]
)
def test_tags_that_are_no_tags_are_refused(client: TestClient, path: str, tags: Any) -> None:
    assert client.put(f"{path}/tags", json={"tags": tags}).status_code == 422


def test_a_deleted_transcript_is_gone_with_its_history_and_the_job_stays(
    client: TestClient, context: Context, path: str
) -> None:
    job_id = path.rpartition("/")[2]
    operations = [{"op": "set_text", "segment": 0, "text": "Secret."}]
    client.patch(path, json={"revision": 0, "operations": operations})
    client.put(f"{path}/tags", json={"tags": ["secret"]})
    assert client.get(f"/jobs/{job_id}").json()["has_transcript"] is True
    assert client.delete(path).status_code == 204
    assert client.delete(path).status_code == 204
    assert count_rows(context, *CONTENT) == 0
    for answer in (
        client.get(path),
        client.get(f"{path}/segments"),
        client.get(f"{path}/overview"),
        client.get(f"{path}/export"),
        client.get(f"{path}/revisions"),
        client.get(f"{path}/tags"),
        client.patch(path, json={"revision": 1, "operations": operations}),
        client.put(f"{path}/tags", json={"tags": ["back"]}),
    ):
        assert (answer.status_code, answer.json()["code"]) == (410, "transcript_deleted")
    assert client.get("/transcripts/").json()["items"] == []
    job = client.get(f"/jobs/{job_id}").json()
    assert (job["state"], job["has_transcript"], job["has_audio"]) == ("completed", False, True)
    with context.database.snapshot() as session:
        query = select(AuditEntry).where(AuditEntry.action == "transcript.delete")
        assert [each.object_id for each in session.scalars(query)] == [job_id]
    assert client.delete(f"/jobs/{job_id}").status_code == 204
    assert count_rows(context, DeletedTranscriptRow) == 0
    assert client.delete(path).status_code == 404


def test_deleting_a_job_deletes_the_history_of_its_transcript(
    client: TestClient, context: Context, path: str
) -> None:
    client.put(f"{path}/tags", json={"tags": ["work"]})
    client.post(f"{path}/replace", json={"revision": 0, "find": "whales", "replacement": "cats"})
    assert client.delete(f"/jobs/{path.rpartition('/')[2]}").status_code == 204
    assert count_rows(context, *CONTENT) == 0


def test_a_job_whose_transcript_was_deleted_answers_no_second_submission(
    client: TestClient, context: Context
) -> None:
    user_id = client.get("/auth/me").json()["user_id"]
    data = b"RIFF"
    job_id = add_transcript(context, user_id, data=data)

    def submit() -> Any:
        files = {"file": ("talk.wav", data, "audio/wav")}
        return client.post("/jobs/", files=files, data={"reuse": "true"})

    (context.settings.models_dir).mkdir(exist_ok=True)
    (context.settings.models_dir / "base.pt").write_bytes(b"not looked at here")
    assert submit().json()["id"] == job_id
    assert client.delete(f"/transcripts/{job_id}").status_code == 204
    assert submit().json()["id"] != job_id


EDIT = {"revision": 0, "operations": [{"op": "delete", "segment": 0}]}


@pytest.mark.parametrize(
    ("method", "suffix", "body"),
    [
        ("GET", "", None),
        ("GET", "/segments", None),
        ("GET", "/overview", None),
        ("GET", "/speakers", None),
        ("GET", "/revisions", None),
        ("GET", "/revisions/0/diff", None),
        ("GET", "/tags", None),
        ("PATCH", "", EDIT),
        ("POST", "/replace", {"revision": 0, "find": "a", "replacement": "b"}),
        ("PUT", "/speakers", {"revision": 0, "renames": [{"speaker": "A", "name": "B"}]}),
        ("POST", "/revisions/0/restore", {"revision": 0}),
        ("PUT", "/tags", {"tags": ["mine"]}),
        ("DELETE", "", None),
    ],
)
def test_another_owners_transcript_and_a_missing_one_look_the_same(
    client: TestClient, context: Context, method: str, suffix: str, body: Any
) -> None:
    theirs = add_transcript(context, "somebody else")
    choices = {} if body is None else {"json": body}
    answers = [
        client.request(method, f"/transcripts/{job_id}{suffix}", **choices)
        for job_id in (theirs, secrets.token_hex(16))
    ]
    assert [answer.status_code for answer in answers] == [404, 404]
    first, second = (answer.json() | {"request_id": ""} for answer in answers)
    assert first == second
    with context.database.snapshot() as session:
        assert session.get_one(TranscriptRow, (theirs, 1)).revision == 0


@pytest.mark.parametrize(
    "body",
    [
        b"{}",
        b'{"revision": 0, "operations": []}',
        b'{"revision": 0, "operations": [{}]}',
        b'{"revision": 0, "operations": [{"op": "drop_table", "segment": 0}]}',
        b'{"revision": 0, "operations": [{"op": ["delete"], "segment": 0}]}',
        b'{"revision": 0, "operations": [{"op": "delete", "segment": 0, "user_id": "x"}]}',
        b'{"revision": 0, "operations": [{"op": "delete", "segment": 0}], "is_admin": true}',
        b'{"revision": -1, "operations": [{"op": "delete", "segment": 0}]}',
        b'{"revision": 2147483648, "operations": [{"op": "delete", "segment": 0}]}',
        b'{"revision": 0, "operations": [{"op": "delete", "segment": 9223372036854775808}]}',
        b'{"revision": 0, "operations": [{"op": "delete", "segment": 2147483648}]}',
        b'{"revision": 0, "operations": [{"op": "delete", "segment": -1}]}',
        b'{"revision": 0, "operations": [{"op": "set_times", "segment": 0, "start": NaN}]}',
        b'{"revision": 0, "operations": [{"op": "set_times", "segment": 0, "end": 1e400}]}',
        b'{"revision": 0, "operations": [{"op": "set_times", "segment": 0, "end": 1e308}]}',
        b'{"revision": 0, "operations": [{"op": "set_times", "segment": 0, "start": -1}]}',
        b'{"revision": 0, "operations": [{"op": "set_text", "segment": 0, "text": "\\u0000"}]}',
        b'{"revision": 0, "operations": [{"op": "set_text", "segment": 0, "text": "\\ud800"}]}',
        b'{"revision": 0, "operations": [{"op": "set_text", "segment": 0, "text": "a\\u001b[1m"}]}',
        b'{"revision": 0, "operations": [{"op": "set_text", "segment": 0, "text": " \\n "}]}',
        b'{"revision": 0, "operations": [{"op": "set_text", "segment": 0, "text": null}]}',
        b'{"revision": 0, "operations": [{"op": "split", "segment": 0}]}',
        b'{"revision": 0, "operations": [{"op": "split", "segment": 0, "character": 0}]}',
        b'{"revision": 0, "operations": [{"op": "insert", "start": 9, "end": 9}]}',
        b'{"revision": 0, "operations": [{"op": "insert", "start": 9, "end": 8, "text": "x"}]}',
    ],
)
def test_hostile_edits_are_422_and_change_nothing(
    client: TestClient, path: str, body: bytes
) -> None:
    answer = client.patch(path, content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == 422, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert client.get(path).json()["revision"] == 0


def test_bounds_on_what_may_be_sent(client: TestClient, path: str) -> None:
    long = {"op": "set_text", "segment": 0, "text": "x" * 10_001}
    speaker = {"op": "set_speaker", "segment": 0, "speaker": "s" * 65}
    for operations in ([long], [speaker], [EDIT["operations"]], [{"op": "delete"}] * 501):
        answer = client.patch(path, json={"revision": 0, "operations": operations})
        assert answer.status_code == 422
    full = {"op": "set_text", "segment": 0, "text": "x " * 4_999 + "x"}
    merge = {"op": "merge", "segment": 0, "following": 1}
    answer = client.patch(path, json={"revision": 0, "operations": [full, merge]})
    assert (answer.status_code, answer.json()["code"]) == (422, "text_too_long")
    wide = {"revision": 0, "find": "whales", "replacement": "x" * 1_001}
    assert client.post(f"{path}/replace", json=wide).status_code == 422
