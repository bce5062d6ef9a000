"""The list of jobs: filters, orders, pages and tags, on both databases."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from starlette.testclient import TestClient

from job_builders import add_job, must_claim, store_plan, store_span
from transcriber.engine.options import TranscribeOptions
from transcriber.infra.context import Context
from transcriber.infra.paging import encode_cursor
from transcriber.infra.places import encode_place
from transcriber.jobs.models import Job

MOMENT = datetime(2026, 3, 1, tzinfo=UTC)
ROWS: tuple[dict[str, Any], ...] = (
    {"name": "élan.mp3"},
    {"name": "Zebra.mp3", "model": "tiny"},
    {"name": "apple 100%.mp3", "options": TranscribeOptions(task="translate")},
    {"name": "日本_語.mp3"},
    {"name": "apple 100x.mp3"},
)


class Library:
    """An account with a job a day, of which the first is done, and its list."""

    def __init__(self, client: TestClient, context: Context) -> None:
        self._client = client
        user_id = str(client.get("/auth/me").json()["user_id"])
        self.ids = [add_job(context, user_id, **row) for row in ROWS]
        store_plan(context, must_claim(context), 1)
        store_span(context, must_claim(context))
        theirs = add_job(context, "somebody else", name="apple of others.mp3")
        with context.database.unit_of_work() as uow:
            for number, job_id in enumerate([*self.ids, theirs]):
                uow.session.get_one(Job, job_id).created_at = MOMENT + timedelta(days=number)

    def ask(self, **params: Any) -> Any:
        return self._client.get("/jobs/", params=params)

    def list_places(self, **params: Any) -> list[int]:
        """Which rows, page after page of two; the total agrees."""
        places: list[int] = []
        cursor: dict[str, str] = {}
        while True:
            answer = self.ask(limit=2, **params, **cursor)
            assert answer.status_code == 200, answer.text
            page = answer.json()
            places += [self.ids.index(item["id"]) for item in page["items"]]
            if page["next_cursor"] is None:
                assert page["total"] == len(places)
                return places
            cursor = {"cursor": page["next_cursor"]}


@pytest.fixture
def library(client: TestClient, context: Context) -> Library:
    return Library(client, context)


def test_the_list_is_narrowed_and_sorted(library: Library) -> None:
    for params, places in (
        ({}, [4, 3, 2, 1, 0]),
        ({"sort": "created_at"}, [0, 1, 2, 3, 4]),
        ({"sort": "name"}, [2, 4, 0, 1, 3]),
        ({"sort": "-name"}, [3, 1, 0, 4, 2]),
        ({"state": ["completed"]}, [0]),
        ({"state": ["queued", "running"], "sort": "name"}, [2, 4, 1, 3]),
        ({"language": "en"}, [0]),
        ({"model": "tiny"}, [1]),
        ({"task": "translate"}, [2]),
        ({"name": "ELAN"}, [0]),
        ({"name": "100%"}, [2]),
        ({"name": "日本_"}, [3]),
        ({"name": "e_a"}, []),
        ({"created_from": "2026-03-02", "created_to": "2026-03-03"}, [2, 1]),
        ({"created_from": "2026-03-04T01:00:00+01:00"}, [4, 3]),
        ({"created_to": "2026-03-01T23:59:59Z"}, [0]),
        ({"tag": "work"}, []),
    ):
        assert library.list_places(**params) == places, params


def test_a_job_shows_the_tags_of_its_transcript_and_is_found_by_them(
    client: TestClient, library: Library
) -> None:
    done = library.ids[0]
    client.put(f"/transcripts/{done}/tags", json={"tags": ["Äpfel", "Work trip"]})
    assert client.get(f"/jobs/{done}").json()["tags"] == ["Work trip", "Äpfel"]
    listed = {item["id"]: item["tags"] for item in library.ask().json()["items"]}
    assert listed == {job_id: [] for job_id in library.ids} | {done: ["Work trip", "Äpfel"]}
    assert library.list_places(tag="ÄPFEL") == [0]
    assert client.delete(f"/transcripts/{done}").status_code == 204
    assert client.get(f"/jobs/{done}").json()["tags"] == []
    assert library.list_places(tag="ÄPFEL") == []


def test_what_is_no_order_and_no_place_is_refused(library: Library) -> None:
    ours = library.ask(limit=1).json()["next_cursor"]
    for params in (
        {"sort": "user_id"},
        {"sort": "duration"},
        {"sort": "name", "cursor": ours},
        {"cursor": ours[:-1]},
        {"cursor": encode_cursor(MOMENT, "f" * 32)},
        {"cursor": encode_place("-created_at", "yesterday", "f")},
        {"sort": "name", "cursor": encode_place("name", 7, "f")},
        {"name": " \u202e"},
        {"tag": ""},
        {"task": "sing"},
        {"recording_id": "x"},
        {"unknown": "x"},
        {"created_to": "0001-01-01T00:00:00+14:00"},
    ):
        answer = library.ask(**params)
        assert answer.status_code == 422, (params, answer.text)
