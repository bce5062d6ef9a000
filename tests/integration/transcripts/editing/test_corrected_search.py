"""What a search and a list find after corrections: the newest words, and the owner's tags."""

from typing import Any

import pytest
from sqlalchemy import delete
from starlette.testclient import TestClient

from transcriber.infra.context import Context
from transcriber.transcripts.search.models import SearchEntry, SearchTranscript
from transcriber.transcripts.search.upkeep import fill_index


def find(client: TestClient, query: str, **params: Any) -> list[str]:
    answer = client.get("/transcripts/search", params={"q": query, **params})
    assert answer.status_code == 200, answer.text
    return [hit["text"] for hit in answer.json()["items"]]


def correct(client: TestClient, path: str, revision: int, text: str) -> dict[str, Any]:
    operation = {"op": "set_text", "segment": 0, "text": text}
    answer = client.patch(path, json={"revision": revision, "operations": [operation]})
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


@pytest.mark.parametrize("is_indexed", [True, False])
def test_a_search_follows_the_corrections(
    client: TestClient, context: Context, path: str, *, is_indexed: bool
) -> None:
    with context.database.unit_of_work() as uow:
        for table in (SearchEntry, SearchTranscript):
            uow.session.execute(delete(table))
    if is_indexed:
        assert fill_index(context.database) == 1
    heard = [each["text"] for each in client.get(path).json()["segments"]]
    correct(client, path, 0, "An unheard-of zebra.")
    assert find(client, "zebra") == ["An unheard-of zebra."]
    # What was not corrected is found too, and what was replaced is not.
    assert find(client, f'"{heard[1]}"') == [heard[1]]
    assert find(client, f'"{heard[0]}"') == []
    restored = client.post(f"{path}/revisions/0/restore", json={"revision": 1})
    assert restored.status_code == 200, restored.text
    assert find(client, "zebra") == []
    assert find(client, f'"{heard[0]}"') == [heard[0]]
    assert fill_index(context.database) == 0
    assert client.delete(path).status_code == 204
    assert find(client, f'"{heard[0]}"') == []


def test_tags_narrow_lists_and_searches(client: TestClient, path: str) -> None:
    assert client.put(f"{path}/tags", json={"tags": ["Board"]}).status_code == 200
    word = client.get(path).json()["segments"][0]["text"]
    for tag, count in (("board", 1), ("other", 0)):
        listed = client.get("/transcripts/", params={"tag": tag}).json()["items"]
        assert len(listed) == count
        assert len(find(client, f'"{word}"', tag=tag)) == count
