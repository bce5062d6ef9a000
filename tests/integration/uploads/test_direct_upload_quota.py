"""The quota of an account binds recordings that come in one request as well."""

import secrets
import threading
from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from httpx import Response
from starlette.testclient import TestClient

from service_context import open_client
from transcriber.infra.context import Context
from upload_checks import check_all
from upload_client import initialize, upload_whole

QUOTA_BYTES = 10_000


@pytest.fixture
def small(context: Context, client: TestClient) -> Generator[TestClient]:
    settings = context.settings.model_copy(update={"account_quota_bytes": QUOTA_BYTES})
    with open_client(replace(context, settings=settings)) as opened:
        opened.headers.update(client.headers)
        yield opened


def send(client: TestClient, size: int, data: bytes | None = None, **headers: str) -> Response:
    """Send a recording that the account has not yet, or the one that is given."""
    file = ("a.mp3", data or secrets.token_bytes(size))
    return client.post("/jobs/", files={"file": file}, headers=headers)


def test_a_recording_that_does_not_fit_is_refused(small: TestClient, context: Context) -> None:
    first = send(small, 6_000)
    assert first.status_code == 201
    second = send(small, 6_000)
    assert (second.status_code, second.json()["code"]) == (507, "quota_exceeded")
    assert second.json()["stored_bytes"] == 6_000
    assert len(list(context.storage.find_objects())) == 1
    check_all(context)
    job = first.json()["id"]
    small.post(f"/jobs/{job}/cancel")
    assert small.delete(f"/jobs/{job}").status_code == 204
    assert send(small, 6_000).status_code == 201
    check_all(context)


def test_a_recording_that_could_never_fit_is_refused_before_it_is_sent(
    small: TestClient, context: Context
) -> None:
    answer = send(small, QUOTA_BYTES + 5 * 1024**2)
    assert (answer.status_code, answer.json()["code"]) == (507, "quota_exceeded")
    check_all(context)


def test_direct_uploads_race_for_the_quota(small: TestClient, context: Context) -> None:
    gate = threading.Barrier(6)

    def race(_: int) -> int:
        gate.wait()
        return send(small, 3_000).status_code

    with ThreadPoolExecutor(6) as threads:
        assert sorted(threads.map(race, range(6))) == [201] * 3 + [507] * 3
    check_all(context)


def test_reserved_bytes_count_as_stored_ones_do(small: TestClient, context: Context) -> None:
    initialize(small, 6_000)
    assert send(small, 6_000).status_code == 507
    upload_whole(small, b"y" * 4_000)
    assert send(small, 1).status_code == 507
    check_all(context)


def test_a_repeated_submission_is_counted_once(small: TestClient, context: Context) -> None:
    data = b"x" * 6_000
    answers = [send(small, 6_000, data, **{"Idempotency-Key": "k"}) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [201] * 3
    check_all(context)


def test_what_the_account_has_already_is_stored_and_counted_once(
    small: TestClient, context: Context
) -> None:
    data = b"x" * 6_000
    assert [send(small, 6_000, data).status_code for _ in range(2)] == [201, 201]
    assert len(list(context.storage.find_objects())) == 1
    check_all(context)


def test_a_rerun_stores_nothing_more(small: TestClient, context: Context) -> None:
    job = send(small, 6_000).json()["id"]
    assert small.post(f"/jobs/{job}/rerun", json={"beam_size": 1}).status_code == 201
    check_all(context)
