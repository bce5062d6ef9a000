"""Processes that die and disks that lose bytes under uploads over tus."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session
from starlette.testclient import TestClient

from transcriber.infra.clock import read_database_time
from transcriber.infra.context import Context
from transcriber.uploads import repository
from transcriber.uploads.finalizing import take_over_verifications
from transcriber.uploads.joining import join_pieces
from transcriber.uploads.models import Upload
from transcriber.uploads.tus.creation import Announcement, create_upload, join_uploads_of
from transcriber.uploads.tus.headers import read_concat
from transcriber.uploads.tus.receiving import Place, Reception
from tus_client import PATH, append, begin, encode_metadata, name_upload, read_offset
from upload_checks import await_objects, check_all
from upload_client import hash_bytes, make_bytes

CHUNK = 64 * 1024
DATA = make_bytes(3 * CHUNK + 100)


def find_owner(client: TestClient) -> str:
    return str(client.get("/auth/me").json()["user_id"])


def announce(owner: str, size: int | None, concat: str | None = None) -> Announcement:
    return Announcement(
        user_id=owner,
        size_bytes=size,
        metadata=encode_metadata(sha256=hash_bytes(DATA)) if concat != "partial" else None,
        concat=read_concat(concat),
        idempotency_key=None,
    )


def let_the_lease_run_out(context: Context, upload_id: str) -> None:
    with context.database.unit_of_work() as uow:
        past = read_database_time(uow.session) - timedelta(seconds=1)
        uow.session.execute(update(Upload).where(Upload.id == upload_id).values(lease_until=past))


def receive(context: Context, upload: Upload, data: bytes) -> None:
    """Take all bytes in a process that does nothing any more afterwards."""
    place = Place(upload.user_id, upload.id, 0)
    reception = Reception(context, place, "a process that dies", None, len(data))
    reception.feed(data)
    reception.finish()
    reception.close()


def read_state(client: TestClient, upload_id: str) -> dict[str, object]:
    found: dict[str, object] = client.get(f"/uploads/{upload_id}").json()
    return found


def test_an_upload_whose_last_byte_was_committed_becomes_a_job_whoever_dies(
    any_client: TestClient, any_context: Context
) -> None:
    chunk = max(CHUNK, any_context.storage.parts.min_part_bytes)
    data = DATA if chunk == CHUNK else make_bytes(chunk + 9)
    announced = Announcement(
        user_id=find_owner(any_client),
        size_bytes=len(data),
        metadata=None,
        concat=None,
        idempotency_key=None,
    )
    upload = create_upload(any_context, announced)
    receive(any_context, upload, data)
    assert read_state(any_client, upload.id)["state"] == "verifying"
    assert take_over_verifications(any_context, "another") == 0
    let_the_lease_run_out(any_context, upload.id)
    assert take_over_verifications(any_context, "another") == 1
    assert read_state(any_client, upload.id)["job_id"] is not None
    await_objects(any_context, ["recordings"])
    check_all(any_context)


@pytest.mark.parametrize("checks", [1, 3, 5])
def test_whoever_takes_a_joining_over_goes_on(
    client: TestClient, context: Context, checks: int
) -> None:
    owner = find_owner(client)
    ids: list[str] = []
    for piece in (DATA[:70_000], DATA[70_000:70_001], DATA[70_001:]):
        upload = create_upload(context, announce(owner, len(piece), "partial"))
        receive(context, upload, piece)
        ids.append(upload.id)
    concat = "final;" + " ".join(f"{PATH}/{each}" for each in ids)
    final, claim = join_uploads_of(context, announce(owner, None, concat), "a process that dies")
    assert claim is not None
    check_all(context)
    with pytest.raises(SystemExit):
        join_pieces(context, final, build_lock(final.id), die_after(checks))
    assert read_state(client, final.id)["state"] == "verifying"
    let_the_lease_run_out(context, final.id)
    assert take_over_verifications(context, "another") == 1
    state = read_state(client, final.id)
    assert (state["state"], state["received_bytes"]) == ("completed", len(DATA))
    await_objects(context, ["recordings"])
    check_all(context)


def build_lock(upload_id: str) -> Callable[[Session], Upload]:
    def lock(session: Session) -> Upload:
        upload = repository.lock_upload(session, upload_id)
        assert upload is not None
        return upload

    return lock


def die_after(checks: int) -> Callable[[], None]:
    left = [checks]

    def check() -> None:
        left[0] -= 1
        if left[0] == 0:
            raise SystemExit

    return check


def find_parts(context: Context) -> Path:
    (found,) = (context.settings.resolved_storage_dir / "parts").glob("*/*/*.0")
    return found


def test_a_begun_chunk_that_is_damaged_takes_the_offset_back_to_its_border(
    client: TestClient, context: Context
) -> None:
    address = begin(client, len(DATA))
    append(client, address, 0, DATA[: CHUNK + 1_000])
    path = find_parts(context)
    with path.open("r+b") as file:
        file.seek(CHUNK + 10)
        file.write(b"damaged")
    answer = append(client, address, CHUNK + 1_000, DATA[CHUNK + 1_000 :])
    assert (answer.status_code, answer.json()["code"]) == (503, "bytes_missing")
    assert read_offset(client, address) == CHUNK
    assert "job-id" in append(client, address, CHUNK, DATA[CHUNK:]).headers
    check_all(context)


def test_a_chunk_that_is_damaged_takes_the_offset_back_to_its_beginning(
    client: TestClient, context: Context
) -> None:
    address = begin(client, len(DATA))
    append(client, address, 0, DATA[: 2 * CHUNK + 1_000])
    path = find_parts(context)
    with path.open("r+b") as file:
        file.seek(CHUNK + 10)
        file.write(b"damaged")
    answer = append(client, address, 2 * CHUNK + 1_000, DATA[2 * CHUNK + 1_000 :])
    assert (answer.status_code, answer.json()["code"]) == (409, "chunk_damaged")
    state = read_state(client, name_upload(address))
    assert (state["state"], state["received_bytes"]) == ("receiving", CHUNK)
    assert read_offset(client, address) == CHUNK
    check_all(context)
    assert "job-id" in append(client, address, CHUNK, DATA[CHUNK:]).headers
    check_all(context)


def test_what_is_not_what_was_announced_has_to_come_again(
    client: TestClient, context: Context
) -> None:
    metadata = encode_metadata(sha256=hash_bytes(b"other"))
    address = begin(client, len(DATA), Upload_Metadata=metadata)
    answer = append(client, address, 0, DATA)
    assert (answer.status_code, answer.json()["code"]) == (422, "checksum_mismatch")
    assert read_offset(client, address) == 0
    check_all(context)
