"""What nobody waits for: expiry, collection, lost verifications, and what the quota says of it."""

import os
import time
from datetime import timedelta
from typing import Any

import pytest
from starlette.testclient import TestClient

from transcriber.infra.clock import read_database_time
from transcriber.infra.context import Context
from transcriber.infra.idempotency import KEEP_FOR
from transcriber.infra.storage import Part
from transcriber.uploads import repository
from transcriber.uploads.cleaning import build_assembly
from transcriber.uploads.finalizing import MAX_TRIES, run_claim, take_over_verifications
from transcriber.uploads.models import Upload
from transcriber.uploads.orphans import collect_orphans
from transcriber.uploads.upkeep import (
    GRACE,
    clean_ended_uploads,
    expire_uploads,
    forget_uploads,
    keep_uploads_up,
)
from transcriber.uploads.verification import Claim, take_claim
from upload_checks import check_all
from upload_client import (
    finalize,
    hash_bytes,
    initialize,
    make_bytes,
    read_state,
    send_chunk,
    send_chunks,
    upload_whole,
)

DATA = make_bytes(150_000)


def shift(context: Context, upload: dict[str, Any], **ages: timedelta) -> None:
    """Move times of an upload so that they lie this long in the past."""
    with context.database.unit_of_work() as uow:
        row = uow.session.get_one(Upload, upload["id"])
        now = read_database_time(uow.session)
        for name, age in ages.items():
            setattr(row, name, now - age)


def read_row(context: Context, upload: dict[str, Any]) -> Upload | None:
    with context.database.snapshot() as session:
        return session.get(Upload, upload["id"])


def list_keys(context: Context) -> list[str]:
    return sorted(each.key for each in context.storage.find_objects())


def test_what_takes_no_chunk_for_too_long_expires_in_two_phases(
    client: TestClient, context: Context
) -> None:
    upload = initialize(client, len(DATA))
    send_chunks(client, upload, DATA, [0])
    assert expire_uploads(context) == 0
    shift(context, upload, expires_at=timedelta(seconds=1))
    for answer in (
        send_chunk(client, upload, DATA, 1),
        finalize(client, upload),
        client.get(f"/uploads/{upload['id']}"),
    ):
        assert (answer.status_code, answer.json()["code"]) == (410, "upload_expired")
    assert expire_uploads(context) == 1
    check_all(context)
    assert clean_ended_uploads(context) == 0
    assert len(list_keys(context)) == 1
    shift(context, upload, ended_at=GRACE + timedelta(seconds=1))
    assert clean_ended_uploads(context) == 1
    assert list_keys(context) == []
    assert send_chunk(client, upload, DATA, 1).status_code == 410
    assert client.delete(f"/uploads/{upload['id']}").status_code == 204
    assert forget_uploads(context) == 0
    shift(context, upload, ended_at=KEEP_FOR + timedelta(seconds=1))
    assert forget_uploads(context) == 1
    assert client.get(f"/uploads/{upload['id']}").status_code == 404
    check_all(context)


def test_a_chunk_moves_the_expiry(client: TestClient, context: Context) -> None:
    upload = initialize(client, len(DATA))
    shift(context, upload, expires_at=timedelta(hours=-1))
    send_chunks(client, upload, DATA, [0])
    row = read_row(context, upload)
    assert row is not None
    assert row.expires_at - row.updated_at == timedelta(hours=context.settings.upload_expiry_hours)


def take_lost_claim(context: Context, upload: dict[str, Any]) -> Claim:
    """A process began to verify and is gone, its lease run out."""
    with context.database.unit_of_work() as uow:
        row = repository.lock_upload(uow.session, upload["id"])
        assert row is not None
        claim = take_claim(uow.session, row, "lost", 30)
        row.lease_until = read_database_time(uow.session) - timedelta(seconds=1)
    return claim


def send_all(client: TestClient, context: Context) -> tuple[dict[str, Any], bytes]:
    chunk = max(context.settings.upload_chunk_bytes, context.storage.parts.min_part_bytes)
    data = make_bytes(chunk + 99)
    upload = initialize(client, len(data), sha256=hash_bytes(data))
    send_chunks(client, upload, data)
    return upload, data


def test_a_lost_verification_is_taken_over(any_client: TestClient, any_context: Context) -> None:
    upload, _ = send_all(any_client, any_context)
    lost = take_lost_claim(any_context, upload)
    assert read_state(any_client, upload)["state"] == "verifying"
    assert any_client.delete(f"/uploads/{upload['id']}").status_code == 409
    assert take_over_verifications(any_context, "another") == 1
    assert read_state(any_client, upload)["state"] == "completed"
    # The process was only slow, and finds its fence.
    run_claim(any_context, lost)
    assert any_client.get("/jobs/").json()["total"] == 1
    assert take_over_verifications(any_context, "another") == 0
    check_all(any_context)


def test_a_verification_lost_after_the_rename_is_taken_over(
    any_client: TestClient, any_context: Context
) -> None:
    upload, _ = send_all(any_client, any_context)
    take_lost_claim(any_context, upload)
    with any_context.database.snapshot() as session:
        row = session.get_one(Upload, upload["id"])
        parts = [
            Part(
                number=chunk.number,
                start=chunk.start,
                size_bytes=chunk.size_bytes,
                file=chunk.file,
                receipt=chunk.receipt,
            )
            for chunk in repository.list_chunks(session, session.get_one(Upload, upload["id"]))
        ]
    any_context.storage.parts.assemble(build_assembly(row), parts, lambda: None)
    any_context.storage.parts.publish(build_assembly(row))
    make_all_old(any_context)
    collect_orphans(any_context)
    assert take_over_verifications(any_context, "another") == 1
    assert finalize(any_client, upload).status_code == 201
    check_all(any_context)


def test_the_owner_who_asks_again_takes_over_too(client: TestClient, context: Context) -> None:
    upload, _ = send_all(client, context)
    take_lost_claim(context, upload)
    assert finalize(client, upload).status_code == 201
    check_all(context)


def test_a_verification_that_never_ends_is_given_back(client: TestClient, context: Context) -> None:
    upload, _ = send_all(client, context)
    for _ in range(MAX_TRIES):
        take_lost_claim(context, upload)
    assert take_over_verifications(context, "another") == 0
    state = read_state(client, upload)
    assert (state["state"], state["error"]["code"]) == ("receiving", "verification_failed")
    assert state["missing"] == []
    assert finalize(client, upload).status_code == 201
    check_all(context)


def test_a_process_that_drains_gives_its_verification_back(
    client: TestClient, context: Context
) -> None:
    upload, _ = send_all(client, context)
    with context.database.unit_of_work() as uow:
        row = repository.lock_upload(uow.session, upload["id"])
        assert row is not None
        claim = take_claim(uow.session, row, "draining", 30)
    context.draining.set()
    run_claim(context, claim)
    context.draining.clear()
    time.sleep(0.01)
    assert take_over_verifications(context, "another") == 1
    assert read_state(client, upload)["state"] == "completed"


def make_all_old(context: Context) -> None:
    if context.settings.storage == "s3":
        # Only the store itself dates what it has; nothing there is old enough to be collected.
        return
    root = context.settings.resolved_storage_dir
    for path in [root, *root.rglob("*")]:
        if path.name != "clock":
            os.utime(path, (time.time() - 7_200, time.time() - 7_200))


def test_open_uploads_are_no_orphans_however_old(client: TestClient, context: Context) -> None:
    upload = initialize(client, len(DATA))
    send_chunks(client, upload, DATA, [0])
    make_all_old(context)
    collect_orphans(context)
    send_chunks(client, upload, DATA, [1, 2])
    assert finalize(client, upload).status_code == 201
    make_all_old(context)
    collect_orphans(context)
    check_all(context)


def test_parts_that_no_open_upload_names_are_collected(
    client: TestClient, context: Context
) -> None:
    upload = initialize(client, len(DATA))
    send_chunks(client, upload, DATA, [0])
    with context.database.unit_of_work() as uow:
        uow.session.delete(uow.session.get_one(Upload, upload["id"]))
    assert collect_orphans(context) == 0
    make_all_old(context)
    assert collect_orphans(context) == 1
    assert list_keys(context) == []


def test_a_round_does_all_of_it(client: TestClient, context: Context) -> None:
    stale = initialize(client, len(DATA))
    lost, _ = send_all(client, context)
    take_lost_claim(context, lost)
    shift(context, stale, expires_at=timedelta(seconds=1))
    keep_uploads_up(context, "w1")
    states = {item["id"]: item["state"] for item in client.get("/uploads/").json()["items"]}
    assert states == {stale["id"]: "expired", lost["id"]: "completed"}
    check_all(context)


@pytest.mark.parametrize("route", ["/jobs/{id}", "/jobs/{id}/recording"])
def test_deleting_gives_the_quota_back(client: TestClient, context: Context, route: str) -> None:
    job = upload_whole(client, DATA)
    check_all(context)
    client.post(f"/jobs/{job['id']}/cancel")
    assert client.delete(route.replace("{id}", job["id"])).status_code == 204
    check_all(context)
    with context.database.snapshot() as session:
        assert session.get_one(Upload, read_uploads(client)[0]["id"]).state == "completed"


def read_uploads(client: TestClient) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = client.get("/uploads/").json()["items"]
    return items


def test_the_end_of_an_upload_whose_job_is_gone_says_so(
    client: TestClient, context: Context
) -> None:
    job = upload_whole(client, DATA)
    upload = read_uploads(client)[0]
    assert client.delete(f"/jobs/{job['id']}").status_code == 204
    answer = finalize(client, upload)
    assert (answer.status_code, answer.json()["code"]) == (409, "job_deleted")
    check_all(context)


def test_uploads_are_listed_by_page_and_state(client: TestClient) -> None:
    names = [initialize(client, 5, name=f"n{number}")["name"] for number in range(5)]
    first = client.get("/uploads/?limit=3").json()
    second = client.get(f"/uploads/?limit=3&cursor={first['next_cursor']}").json()
    listed = [item["name"] for item in (*first["items"], *second["items"])]
    assert sorted(listed) == names
    assert second["next_cursor"] is None
    assert client.get("/uploads/?state=completed").json()["items"] == []
    assert client.get("/uploads/?state=bogus").status_code == 422
    assert client.get("/uploads/?limit=1000000000").status_code == 422
    assert client.get("/uploads/?cursor=tampered").status_code == 422
