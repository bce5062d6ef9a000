"""`GET /account/usage`: the account's own figures, and nobody else's."""

from dataclasses import replace

import pytest
from starlette.testclient import TestClient

from job_builders import add_job, must_claim, store_plan
from service_context import open_client
from transcriber.infra.context import Context
from upload_client import initialize


def read_usage(client: TestClient) -> dict[str, object]:
    answer = client.get("/account/usage")
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_an_account_sees_what_it_stores(context: Context, client: TestClient, user_id: str) -> None:
    assert read_usage(client) == {
        "stored_bytes": 0,
        "reserved_bytes": 0,
        "quota_bytes": None,
        "open_uploads": 0,
        "max_open_uploads": context.settings.max_open_uploads_per_account,
        "recordings": 0,
        "audio_seconds": 0.0,
    }
    add_job(context, user_id, data=b"0123456789")
    store_plan(context, must_claim(context), spans=3)
    kept = add_job(context, user_id, data=b"12345")
    # Somebody else's, which must not be seen.
    add_job(context, "bob", data=b"x" * 1000)
    found = read_usage(client)
    assert (found["stored_bytes"], found["recordings"]) == (15, 2)
    # The second one is not decoded yet.
    assert found["audio_seconds"] == pytest.approx(30.0)
    client.post(f"/jobs/{kept}/cancel")
    assert client.delete(f"/jobs/{kept}/recording").status_code == 204
    found = read_usage(client)
    assert (found["stored_bytes"], found["recordings"]) == (10, 1)


def test_open_uploads_count_with_what_they_announced(context: Context, client: TestClient) -> None:
    settings = context.settings.model_copy(update={"account_quota_bytes": 5_000})
    with open_client(replace(context, settings=settings)) as small:
        small.headers["Authorization"] = client.headers["Authorization"]
        upload = initialize(small, 1_200)
        initialize(small, 800)
        found = read_usage(small)
        assert (found["reserved_bytes"], found["open_uploads"]) == (2_000, 2)
        assert found["quota_bytes"] == 5_000
        assert small.delete(f"/uploads/{upload['id']}").status_code == 204
        found = read_usage(small)
    assert (found["reserved_bytes"], found["open_uploads"], found["recordings"]) == (800, 1, 0)
