"""Lists of transcripts: filters, orders, pages, on both databases."""

import base64
import json
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text
from starlette.testclient import TestClient

from said_transcripts import MOMENT, add_transcript
from service_context import require_first_admin, sign_in
from transcriber.infra.context import Context
from transcriber.infra.places import encode_place

ROWS: tuple[dict[str, Any], ...] = (
    {"name": "élan.mp3", "duration_seconds": 30.0, "language": "fr"},
    {"name": "Zebra.mp3", "duration_seconds": 10.0, "language": "en", "model": "tiny"},
    {"name": "apple 100%.mp3", "duration_seconds": 20.0, "language": "en", "task": "translate"},
    {"name": "日本_語.mp3", "duration_seconds": 20.0, "language": "ja"},
    {"name": "apple 100x.mp3", "duration_seconds": 5.5, "language": "en"},
)


class Library:
    """An account with transcripts, and its list."""

    def __init__(self, client: TestClient, context: Context) -> None:
        self._client = client
        self._headers = sign_in(client, require_first_admin(context))
        user_id = client.get("/auth/me", headers=self._headers).json()["user_id"]
        for number, row in enumerate(ROWS):
            moment = MOMENT + timedelta(days=number)
            add_transcript(context, user_id, created_at=moment, **row)
        add_transcript(context, "somebody else", name="apple of others.mp3")

    def ask(self, **params: Any) -> Any:
        return self._client.get("/transcripts/", params=params, headers=self._headers)

    def list_places(self, **params: Any) -> list[int]:
        """Which rows, page after page of two."""
        names: list[str] = []
        cursor: dict[str, str] = {}
        while True:
            answer = self.ask(limit=2, **params, **cursor)
            assert answer.status_code == 200, answer.text
            names += [item["name"] for item in answer.json()["items"]]
            if answer.json()["next_cursor"] is None:
                return [[row["name"] for row in ROWS].index(name) for name in names]
            cursor = {"cursor": answer.json()["next_cursor"]}


@pytest.fixture
def library(client: TestClient, context: Context) -> Library:
    return Library(client, context)


def test_lists_are_narrowed_and_sorted(library: Library) -> None:
    for params, places in (
        ({}, [4, 3, 2, 1, 0]),
        ({"sort": "created_at"}, [0, 1, 2, 3, 4]),
        ({"sort": "name"}, [2, 4, 0, 1, 3]),
        ({"sort": "-name"}, [3, 1, 0, 4, 2]),
        ({"language": "en"}, [4, 2, 1]),
        ({"language": "en", "sort": "name"}, [2, 4, 1]),
        ({"model": "tiny"}, [1]),
        ({"task": "translate"}, [2]),
        ({"name": "ELAN"}, [0]),
        ({"name": "100%"}, [2]),
        ({"name": "日本_"}, [3]),
        ({"name": "e_a"}, []),
        ({"created_from": "2026-03-02", "created_to": "2026-03-03"}, [2, 1]),
        ({"created_from": "2026-03-04T01:00:00+01:00"}, [4, 3]),
        ({"created_to": "2026-03-01T23:59:59Z"}, [0]),
        ({"language": "xx"}, []),
    ):
        assert library.list_places(**params) == places, params
    rising = library.list_places(sort="duration")
    assert (rising[:2], set(rising[2:4]), rising[4]) == ([4, 1], {2, 3}, 0)
    assert library.list_places(sort="-duration") == rising[::-1]


def test_what_is_no_order_and_no_place_is_refused(library: Library) -> None:
    ours = library.ask(limit=1).json()["next_cursor"]
    moment = MOMENT.isoformat()
    for params in (
        {"sort": ";drop"},
        {"sort": "user_id"},
        {"sort": "name", "cursor": ours},
        {"cursor": ours[:-1]},
        {"cursor": ours + "A"},
        {"cursor": encode_place("-created_at", "yesterday", "f" * 32)},
        {"cursor": encode_place("-created_at", MOMENT.replace(tzinfo=None).isoformat(), "f")},
        {"cursor": encode_place("-created_at", moment, 7)},
        {"cursor": encode_place("-created_at", 1.0, "f")},
        {"sort": "duration", "cursor": encode_place("duration", "1", "f")},
        {"sort": "duration", "cursor": _write(["duration", float("nan"), "f"])},
        {"sort": "name", "cursor": _write(["name", "\ud800", "f"])},
        {"sort": "name", "cursor": _write(["name", "a\x00", "f"])},
        {"cursor": "A" * 3_000},
        {"limit": 10**9},
        {"limit": 0},
        {"language": "e" * 9},
        {"name": ""},
        {"name": " \u202e"},
        {"name": "x" * 101},
        {"created_from": "2026-13-01"},
        {"created_to": "0001-01-01T00:00:00+14:00"},
        {"user_id": "somebody else"},
        {"state": "completed"},
    ):
        answer = library.ask(**params)
        assert answer.status_code == 422, (params, answer.text)
    for cursor in (encode_place("-created_at", "9999-12-31T23:59:59-14:00", "f"),):
        assert library.ask(cursor=cursor).status_code == 422
    assert library.ask(sort="name", cursor=encode_place("name", "'; --", "'")).status_code == 200


def test_every_order_has_an_index(library: Library, context: Context) -> None:
    columns = {"created_at", "name_key", "duration_seconds"}
    if not context.database.is_sqlite:
        # Where there are five rows PostgreSQL never takes one: that it is there must do.
        with context.database.snapshot() as session:
            query = "SELECT indexdef FROM pg_indexes WHERE tablename = 'transcripts'"
            found = " ".join(session.scalars(text(query)))
        assert all(f"(user_id, {column})" in found for column in columns)
        return
    with context.database.snapshot() as session:
        for column in columns:
            query = (
                f"EXPLAIN QUERY PLAN SELECT * FROM transcripts WHERE user_id = 'a'"
                f" AND ({column}, job_id) > ('b', 'c') ORDER BY {column}, job_id LIMIT 5"
            )
            plan = " ".join(row[3] for row in session.execute(text(query)))
            assert f"ix_transcripts_user_id_{column} (user_id=? AND {column}>?)" in plan
            assert "USE TEMP B-TREE FOR ORDER BY" not in plan


def _write(values: list[Any]) -> str:
    document = json.dumps(values, separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(document).decode().rstrip("=")
