"""The history of a transcript over HTTP."""

from threading import Barrier, Thread
from typing import Any

import pytest
from starlette.testclient import TestClient

from transcriber.infra.context import Context
from transcriber.transcripts.models import DroppedPassageRow
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
        ("GET", "/segments?offset=-1", 422),
        ("GET", "/segments?offset=2147483648", 422),
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


def test_a_long_transcript_is_opened_anywhere(
    client: TestClient, context: Context, user_id: str
) -> None:
    spoken = [hear(f"Number {i}.", i * 0.5, i * 0.5 + 0.5) for i in range(20)]
    path = f"/transcripts/{add_transcript(context, user_id, spoken)}"
    edit(client, path, 0, {"op": "delete", "segment": 6})

    def read(**query: float) -> tuple[int, int, list[int], int | None]:
        page = client.get(f"{path}/segments", params=query).json()
        indexes = [each["index"] for each in page["items"]]
        return page["offset"], page["total"], indexes, page["next_after"]

    assert read(limit=2) == (0, 19, [0, 1], 1)
    assert read(offset=5, limit=3) == (5, 19, [5, 7, 8], 8)
    assert read(offset=5, limit=3, revision=0) == (5, 20, [5, 6, 7], 7)
    assert read(from_seconds=6.2, limit=1) == (11, 19, [12], 12)
    assert read(after=7, offset=2, limit=1) == (9, 19, [10], 10)
    assert read(offset=18) == (18, 19, [19], None)
    assert read(offset=19) == (19, 19, [], None)


def test_an_overview_has_everything_but_the_segments(
    client: TestClient, context: Context, path: str, user_id: str
) -> None:
    job_id = path.rpartition("/")[2]
    key = {"job_id": job_id, "generation": 1, "index": 0, "user_id": user_id}
    left_out = {"start": 4.5, "end": 5.0, "reason": "silence", "text": "Thanks for watching."}
    with context.database.unit_of_work() as uow:
        uow.session.add(DroppedPassageRow(**key, **left_out))
    whole = client.get(path).json()
    del whole["segments"]
    assert client.get(f"{path}/overview").json() == whole
    assert whole["dropped"] == [left_out]
    edit(client, path, 0, {"op": "delete", "segment": 0})
    overview = client.get(f"{path}/overview").json()
    assert (overview["revision"], overview["segment_count"]) == (1, whole["segment_count"] - 1)


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
