"""The history of a transcript over HTTP."""

from threading import Barrier, Thread
from typing import Any

import pytest
from starlette.testclient import TestClient

from transcriber.infra.context import Context
from transcript_builders import SPEECH, add_transcript, hear


def edit(client: TestClient, path: str, revision: int, *operations: dict[str, Any]) -> Any:
    return client.patch(path, json={"revision": revision, "operations": list(operations)})


def set_text(segment: int, text: str) -> dict[str, Any]:
    return {"op": "set_text", "segment": segment, "text": text}


def read_segments(client: TestClient, path: str, revision: int) -> list[dict[str, Any]]:
    segments = client.get(path, params={"revision": revision}).json()["segments"]
    return [{key: each[key] for key in each if key != "index"} for each in segments]


def test_every_revision_stays_as_it_was_and_comes_back(client: TestClient, path: str) -> None:
    edit(client, path, 0, set_text(0, "Hello."))
    edit(client, path, 1, {"op": "split", "segment": 1, "at": 3.0}, {"op": "delete", "segment": 2})
    kept = [read_segments(client, path, revision) for revision in range(3)]
    restored = client.post(f"{path}/revisions/0/restore", json={"revision": 2})
    assert restored.json() == {"revision": 3}
    assert read_segments(client, path, 3) == kept[0]
    again = client.post(f"{path}/revisions/1/restore", json={"revision": 3})
    assert again.json() == {"revision": 4}
    assert [read_segments(client, path, revision) for revision in (0, 1, 2, 4)] == [*kept, kept[1]]
    same = client.post(f"{path}/revisions/1/restore", json={"revision": 4})
    assert same.json() == {"revision": 4}


def test_revisions_are_listed_by_page(client: TestClient, path: str, user_id: str) -> None:
    edit(client, path, 0, set_text(0, "Hello."))
    client.post(f"{path}/replace", json={"revision": 1, "find": "whales", "replacement": "cats"})
    client.post(f"{path}/revisions/0/restore", json={"revision": 2})
    first = client.get(f"{path}/revisions", params={"limit": 2}).json()
    rest = client.get(
        f"{path}/revisions", params={"limit": 2, "before": first["next_before"]}
    ).json()
    rows = first["items"] + rest["items"]
    assert rest["next_before"] is None
    assert [(each["number"], each["kind"], each["restored"]) for each in rows] == [
        (3, "restore", 0),
        (2, "replace", None),
        (1, "edit", None),
    ]
    assert [(each["removed_count"], each["added_count"]) for each in rows] == [
        (3, 3),
        (2, 2),
        (1, 1),
    ]
    assert {each["user_id"] for each in rows} == {user_id}


def test_a_difference_names_passages_and_words(client: TestClient, path: str) -> None:
    edit(client, path, 0, set_text(0, "Good evening, every one."), {"op": "delete", "segment": 2})
    diff = client.get(f"{path}/revisions/1/diff").json()
    assert (diff["revision"], diff["against"], diff["total"]) == (1, 0, 2)
    changed, removed = diff["items"]
    assert [(each["kind"], each["text"]) for each in changed["pieces"]] == [
        ("equal", "Good"),
        ("removed", " morning"),
        ("added", " evening"),
        ("equal", ", every one."),
    ]
    assert (removed["start"], removed["end"], removed["after"]) == (5.0, 6.0, [])
    assert removed["before"][0]["text"] == "Whales are big."
    client.post(f"{path}/revisions/0/restore", json={"revision": 1})
    nothing = client.get(f"{path}/revisions/2/diff", params={"against": 0}).json()
    assert (nothing["total"], nothing["items"]) == (0, [])
    back = client.get(f"{path}/revisions/0/diff", params={"against": 1, "limit": 1}).json()
    assert (back["total"], back["next_offset"]) == (2, 1)
    last = client.get(
        f"{path}/revisions/0/diff", params={"against": 1, "limit": 1, "offset": 1}
    ).json()
    assert (last["items"][0]["before"], last["next_offset"]) == ([], None)


@pytest.mark.parametrize(
    ("method", "suffix", "status"),
    [
        ("GET", "?revision=7", 404),
        ("GET", "?revision=-1", 422),
        ("GET", "?revision=4294967296", 422),
        ("GET", "/segments?revision=7", 404),
        ("GET", "/segments?after=7", 422),
        ("GET", "/segments?limit=1001", 422),
        ("GET", "/segments?from_seconds=NaN", 422),
        ("GET", "/segments?from_seconds=1e999", 422),
        ("GET", "/revisions/7/diff", 404),
        ("GET", "/revisions/0/diff?against=7", 404),
        ("GET", "/revisions/x/diff", 422),
        ("GET", "/revisions?before=99999999999", 422),
        ("POST", "/revisions/7/restore", 404),
        ("POST", "/revisions/99999999999/restore", 422),
    ],
)
def test_a_revision_that_is_not_there_is_refused(
    client: TestClient, path: str, method: str, suffix: str, status: int
) -> None:
    body = {"json": {"revision": 0}} if method == "POST" else {}
    assert client.request(method, path + suffix, **body).status_code == status


def test_a_long_transcript_is_read_piece_by_piece(
    client: TestClient, context: Context, user_id: str
) -> None:
    spoken = [hear(f"Number {i}.", i * 0.5, i * 0.5 + 0.5) for i in range(20)]
    path = f"/transcripts/{add_transcript(context, user_id, spoken)}"
    edit(client, path, 0, set_text(3, "Three."), {"op": "delete", "segment": 6})
    whole = client.get(path).json()["segments"]
    pieces: list[dict[str, Any]] = []
    after: dict[str, int] = {}
    while True:
        page = client.get(f"{path}/segments", params={"limit": 7, "revision": 1, **after}).json()
        pieces += page["items"]
        if page["next_after"] is None:
            break
        after = {"after": page["next_after"]}
    assert (pieces, len(pieces)) == (whole, 19)
    later = client.get(f"{path}/segments", params={"from_seconds": 4.2, "limit": 1}).json()
    assert [each["text"] for each in later["items"]] == ["Number 8."]
    # The place of a row that was replaced meanwhile is still known.
    behind = client.get(f"{path}/segments", params={"after": 3, "limit": 1}).json()
    assert behind["items"][0]["text"] in {"Three.", "Number 4."}


def test_of_two_editors_at_once_exactly_one_wins(
    client: TestClient, context: Context, user_id: str
) -> None:
    for _ in range(3):
        path = f"/transcripts/{add_transcript(context, user_id)}"
        together = Barrier(4)
        statuses: list[int] = []

        def work(number: int, path: str, together: Barrier, statuses: list[int]) -> None:
            together.wait()
            answer = edit(client, path, 0, set_text(number % 3, f"Editor {number}."))
            statuses.append(answer.status_code)

        threads = [Thread(target=work, args=(i, path, together, statuses)) for i in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(statuses) == [200, 409, 409, 409]
        body = client.get(path).json()
        assert (body["revision"], len(body["segments"])) == (1, 3)
        assert sum("Editor" in each["text"] for each in body["segments"]) == 1


def test_transcribing_again_leaves_the_corrected_transcript_as_it_is(
    client: TestClient, context: Context, path: str, user_id: str
) -> None:
    job_id = path.rpartition("/")[2]
    edit(client, path, 0, set_text(0, "Corrected."))
    # The same job never runs again once it has a transcript; a re-run is another job.
    assert client.post(f"/jobs/{job_id}/retry").status_code == 409
    again = client.post(f"/jobs/{job_id}/rerun", json={})
    assert again.status_code == 201, again.text
    assert again.json()["id"] != job_id
    assert client.get(path).json()["segments"][0]["text"] == "Corrected."
    assert read_segments(client, path, 0)[0]["text"] == SPEECH[0].text
