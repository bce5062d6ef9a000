"""Correcting segments over HTTP."""

from typing import Any

import pytest
from sqlalchemy import select, update
from starlette.testclient import TestClient

from transcriber.infra.audit import AuditEntry
from transcriber.infra.context import Context
from transcriber.transcripts.changes import MAX_VERSIONS
from transcriber.transcripts.models import SegmentRow


def edit(client: TestClient, path: str, revision: int, *operations: dict[str, Any]) -> Any:
    return client.patch(path, json={"revision": revision, "operations": list(operations)})


def read_texts(client: TestClient, path: str, revision: int | None = None) -> list[str]:
    params = {} if revision is None else {"revision": revision}
    body = client.get(path, params=params).json()
    assert body["segment_count"] == len(body["segments"])
    return [segment["text"] for segment in body["segments"]]


HEARD = ["Good morning, every one.", "Today we talk about whales.", "Whales are big."]


def test_a_corrected_text_keeps_the_machines_and_the_times_of_its_words(
    client: TestClient, path: str
) -> None:
    before = client.get(path).json()["segments"]
    answer = edit(
        client, path, 0, {"op": "set_text", "segment": 0, "text": "Good  morning,\neverybody."}
    )
    assert answer.status_code == 200, answer.text
    body = answer.json()
    assert (body["revision"], body["removed"]) == (1, [0])
    (added,) = body["added"]
    assert (added["index"], added["text"]) == (3, "Good morning, everybody.")
    assert added["words"][:2] == before[0]["words"][:2]
    (written,) = added["words"][2:]
    assert written == {"word": " everybody.", "start": 1.0, "end": 2.0, "probability": 1.0}
    assert read_texts(client, path) == ["Good morning, everybody.", *HEARD[1:]]
    assert read_texts(client, path, 0) == HEARD
    assert client.get(path, params={"revision": 0}).json()["segments"] == before
    summary = client.get("/transcripts/").json()["items"][0]
    assert (summary["revision"], summary["segment_count"]) == (1, 3)
    exported = client.get(f"{path}/export", params={"format": "txt"}).text
    assert "everybody" in exported
    heard = client.get(f"{path}/export", params={"format": "txt", "revision": 0}).text
    assert heard.splitlines() == HEARD
    unknown = client.get(f"{path}/export", params={"format": "txt", "revision": 2})
    assert (unknown.status_code, unknown.json()["code"]) == (404, "revision_not_found")


def test_all_operations_of_a_request_make_one_revision(client: TestClient, path: str) -> None:
    answer = edit(
        client,
        path,
        0,
        {"op": "split", "segment": 1, "character": 8},
        {"op": "set_speaker", "segment": 1, "speaker": "Ms. Smith"},
        {"op": "set_times", "segment": 2, "start": 5.25},
        {"op": "delete", "segment": 0},
        {"op": "insert", "start": 8, "end": 9, "text": "Applause", "speaker": "hall"},
    )
    assert answer.status_code == 200, answer.text
    segments = client.get(path).json()["segments"]
    assert [(each["start"], each["end"], each["text"], each["speaker"]) for each in segments] == [
        (2.0, 3.0, "Today we", "Ms. Smith"),
        (3.0, 4.5, "talk about whales.", "B"),
        (5.25, 6.0, "Whales are big.", "A"),
        (8.0, 9.0, "Applause", "hall"),
    ]
    assert [word["word"] for word in segments[1]["words"]] == [" talk", " about", " whales."]
    assert client.get(path).json()["revision"] == 1


def test_neighbours_are_merged(client: TestClient, path: str) -> None:
    merge = {"op": "merge", "segment": 0}
    answer = edit(client, path, 0, merge | {"following": 1}, merge | {"following": 2})
    assert answer.status_code == 200, answer.text
    (segment,) = client.get(path).json()["segments"]
    assert (segment["start"], segment["end"], segment["text"]) == (0.0, 6.0, " ".join(HEARD))
    assert len(segment["words"]) == 12


@pytest.mark.parametrize(
    ("operation", "code"),
    [
        ({"op": "set_text", "segment": 99, "text": "x"}, "unknown_segment"),
        ({"op": "set_times", "segment": 0, "start": 3.0, "end": 2.5}, "bad_times"),
        ({"op": "set_times", "segment": 2, "end": 10.5}, "bad_times"),
        ({"op": "set_times", "segment": 1, "start": 5.5, "end": 6}, "out_of_order"),
        ({"op": "insert", "start": 9, "end": 11, "text": "x"}, "bad_times"),
        ({"op": "merge", "segment": 0, "following": 2}, "not_neighbours"),
        ({"op": "merge", "segment": 0, "following": 0}, "not_neighbours"),
        ({"op": "split", "segment": 0, "at": 2.0}, "bad_split"),
        ({"op": "split", "segment": 0, "at": 1.9}, "bad_split"),
        ({"op": "split", "segment": 0, "character": 24}, "bad_split"),
    ],
)
def test_what_cannot_be_done_is_refused_with_its_place_and_changes_nothing(
    client: TestClient, path: str, operation: dict[str, Any], code: str
) -> None:
    answer = edit(client, path, 0, {"op": "set_text", "segment": 0, "text": "Kept?"}, operation)
    problem = answer.json()
    assert (answer.status_code, problem["code"], problem["operation"]) == (422, code, 1)
    assert (client.get(path).json()["revision"], read_texts(client, path)) == (0, HEARD)


def test_a_segment_that_was_corrected_has_another_index(client: TestClient, path: str) -> None:
    assert edit(client, path, 0, {"op": "delete", "segment": 0}).status_code == 200
    again = edit(client, path, 1, {"op": "delete", "segment": 0})
    assert (again.status_code, again.json()["code"]) == (422, "unknown_segment")


def test_an_edit_of_an_older_revision_is_refused_with_the_newest(
    client: TestClient, path: str
) -> None:
    assert edit(client, path, 0, {"op": "delete", "segment": 0}).status_code == 200
    late = edit(client, path, 0, {"op": "delete", "segment": 1})
    problem = late.json()
    assert (late.status_code, problem["code"], problem["revision"]) == (409, "revision_conflict", 1)
    assert read_texts(client, path) == HEARD[1:]


def test_an_edit_that_changes_nothing_makes_no_revision(client: TestClient, path: str) -> None:
    answer = edit(client, path, 0, {"op": "set_text", "segment": 0, "text": HEARD[0]})
    assert answer.json() == {"revision": 0, "removed": [], "added": []}
    assert client.get(f"{path}/revisions").json()["items"] == []


def test_segments_of_one_start_stay_in_order(client: TestClient, path: str) -> None:
    inserted = [{"op": "insert", "start": 8, "end": 9, "text": text} for text in ("x", "y", "z")]
    assert edit(client, path, 0, *inserted).status_code == 200
    first = next(s["index"] for s in client.get(path).json()["segments"] if s["text"] == "x")
    assert edit(client, path, 1, {"op": "set_text", "segment": first, "text": "w"}).is_success
    assert read_texts(client, path) == [*HEARD, "w", "y", "z"]


def test_edits_are_in_the_audit_trail_without_their_texts(
    client: TestClient, context: Context, path: str, user_id: str
) -> None:
    edit(client, path, 0, {"op": "set_text", "segment": 0, "text": "Secret"})
    with context.database.snapshot() as session:
        query = select(AuditEntry).where(AuditEntry.action == "transcript.edit")
        (entry,) = session.scalars(query)
    assert entry.object_id == path.rpartition("/")[2]
    assert (entry.actor, entry.user_id, entry.detail) == (
        f"account:{user_id}",
        user_id,
        "revision 1 (edit)",
    )


def test_a_transcript_keeps_a_bounded_number_of_versions(
    client: TestClient, context: Context, path: str
) -> None:
    with context.database.unit_of_work() as uow:
        last = update(SegmentRow).where(SegmentRow.index == 2).values(index=MAX_VERSIONS - 2)
        uow.session.execute(last)
    delete = {"op": "delete", "segment": 0}
    assert edit(client, path, 0, {"op": "set_text", "segment": 1, "text": "x"}).is_success
    refused = edit(client, path, 1, {"op": "set_text", "segment": 0, "text": "x"})
    assert (refused.status_code, refused.json()["code"]) == (409, "too_many_versions")
    assert edit(client, path, 1, delete).is_success


def test_speakers_are_counted_and_renamed_at_the_same_time(client: TestClient, path: str) -> None:
    renames = [{"speaker": "A", "name": "B"}, {"speaker": "B", "name": "Carl"}]
    answer = client.put(f"{path}/speakers", json={"revision": 0, "renames": renames})
    assert answer.json() == {"revision": 1, "segments": 3}
    listed = client.get(f"{path}/speakers").json()
    assert listed == {
        "revision": 1,
        "items": [{"speaker": "B", "segments": 2}, {"speaker": "Carl", "segments": 1}],
    }
    unnamed = [{"speaker": "Carl", "name": None}]
    assert client.put(f"{path}/speakers", json={"revision": 1, "renames": unnamed}).is_success
    assert [s["speaker"] for s in client.get(path).json()["segments"]] == ["B", None, "B"]
    named = [{"speaker": None, "name": "Dora"}]
    assert client.put(f"{path}/speakers", json={"revision": 2, "renames": named}).is_success
    twice = client.put(f"{path}/speakers", json={"revision": 3, "renames": named * 2})
    assert twice.status_code == 422


def test_find_and_replace_counts_first_and_then_writes_one_revision(
    client: TestClient, path: str
) -> None:
    request = {"revision": 0, "find": "whales", "replacement": "cats", "dry_run": True}
    preview = client.post(f"{path}/replace", json=request).json()
    assert (preview["revision"], preview["replacements"], preview["segments"]) == (0, 2, 2)
    assert preview["preview"][1]["after"] == "cats are big."
    assert read_texts(client, path) == HEARD
    done = client.post(f"{path}/replace", json=request | {"dry_run": False}).json()
    assert (done["revision"], done["replacements"]) == (1, 2)
    assert read_texts(client, path)[1:] == ["Today we talk about cats.", "cats are big."]


def test_find_and_replace_is_literal(client: TestClient, path: str) -> None:
    def replace(revision: int, find: str, replacement: str, **choices: bool) -> Any:
        body = {"revision": revision, "find": find, "replacement": replacement, **choices}
        return client.post(f"{path}/replace", json=body).json()

    assert replace(0, ".*", "x")["replacements"] == 0
    assert replace(0, "(a+)+$", "x")["replacements"] == 0
    assert replace(0, "WHALES", "x", match_case=True)["replacements"] == 0
    assert replace(0, "whale", "x", whole_words=True)["replacements"] == 0
    assert replace(0, "Whales", r"\g<0>\1", match_case=True)["replacements"] == 1
    assert read_texts(client, path)[2] == r"\g<0>\1 are big."
    assert replace(1, "good morning, every one.", "")["revision"] == 2
    assert len(read_texts(client, path)) == 2
    refused = client.post(
        f"{path}/replace", json={"revision": 2, "find": " ", "replacement": "x" * 1000}
    )
    assert (refused.status_code, refused.json()["code"]) == (422, "bad_find")
