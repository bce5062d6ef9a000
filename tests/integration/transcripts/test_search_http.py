"""Search over HTTP, on both databases."""

import base64
from typing import Any

import pytest
from starlette.testclient import TestClient

from said_transcripts import add_transcript
from service_context import require_first_admin, sign_in
from transcriber.infra.context import Context
from transcriber.infra.places import encode_place


@pytest.fixture
def headers(client: TestClient, context: Context) -> dict[str, str]:
    return sign_in(client, require_first_admin(context))


def search(client: TestClient, headers: dict[str, str], **params: Any) -> Any:
    return client.get("/transcripts/search", params=params, headers=headers)


def test_a_hit_says_where_to_go_on_playing(
    client: TestClient, context: Context, headers: dict[str, str]
) -> None:
    user_id = client.get("/auth/me", headers=headers).json()["user_id"]
    texts = ["Nothing.", "🎉 Board of directors", "The board met."]
    job_id = add_transcript(context, user_id, texts, name="Sitzung.m4a")
    add_transcript(context, "somebody else", ["their board"])
    answer = search(client, headers, q="board")
    assert answer.status_code == 200, answer.text
    first, second = answer.json()["items"]
    assert answer.json()["next_cursor"] is None
    assert first == {
        "job_id": job_id,
        "name": "Sitzung.m4a",
        "language": "en",
        "created_at": "2026-03-01T00:00:00Z",
        "segment_index": 1,
        "start": 3.0,
        "end": 6.0,
        "speaker": None,
        "text": "🎉 Board of directors",
        "highlights": [{"offset": 2, "length": 5}],
    }
    assert second["highlights"] == [{"offset": 4, "length": 5}]
    page = search(client, headers, q="board", limit=1).json()
    again = search(client, headers, q="board", limit=1, cursor=page["next_cursor"]).json()
    assert [page["items"][0]["start"], again["items"][0]["start"]] == [3.0, 6.0]
    assert again["next_cursor"] is None
    _check_refusals(client, headers, job_id)
    assert client.get("/transcripts/search", params={"q": "board"}).status_code == 401


def _check_refusals(client: TestClient, headers: dict[str, str], job_id: str) -> None:
    huge = base64.urlsafe_b64encode(b"[" + b"9" * 40 + b"]").decode().rstrip("=")
    for params in (
        {},
        {"q": ""},
        {"q": " -!* "},
        {"q": "x" * 201},
        {"q": "e*"},
        {"q": "x " * 60},
        {"q": "x", "limit": 0},
        {"q": "x", "limit": 10**9},
        {"q": "x", "cursor": "tampered"},
        {"q": "x", "cursor": encode_place(-1)},
        {"q": "x", "cursor": encode_place(2**62)},
        {"q": "x", "cursor": huge},
        {"q": "x", "cursor": encode_place("name", "a", job_id)},
        {"q": "x", "job_id": "no"},
        {"q": "x", "created_from": "yesterday"},
        {"q": "x", "created_from": "2026-01-01T10:00:00"},
        {"q": "x", "created_from": "0001-01-01T00:00:00+14:00"},
        {"q": "x", "created_to": "9999-12-31T23:59:59-14:00"},
        {"q": "x", "task": "steal"},
        {"q": "x", "language": "e\x00n"},
        {"q": "x", "model": "\n"},
        {"q": "x", "user_id": "somebody else"},
        {"q": "x", "sort": "name"},
    ):
        answer = search(client, headers, **params)
        assert answer.status_code == 422, (params, answer.text)
        assert answer.headers["content-type"] == "application/problem+json"
    for typed in ("x\x00y", "\ufffd x", "' OR 1=1 --", '"', '" x', "x AND", "NEAR(", "x:*&|!<->"):
        answer = search(client, headers, q=typed, job_id=job_id, created_to="9999-12-31")
        assert answer.status_code in {200, 422}, (typed, answer.text)
    assert search(client, headers, q="x", job_id="f" * 32).json()["items"] == []
    assert search(client, headers, q="board", created_from="2026-03-01", created_to="2026-03-01",
                  language="en", model="base", task="transcribe", name="sitz"
                  ).json()["items"][0]["job_id"] == job_id  # fmt: skip
