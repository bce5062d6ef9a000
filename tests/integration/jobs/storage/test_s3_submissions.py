"""Submitting over the real API while the object store fails: refused or accepted, never half."""

from collections.abc import Generator, Iterator
from dataclasses import replace

import pytest
from httpx import Response
from sqlalchemy import select
from starlette.testclient import TestClient

import s3_faults as faults
from hostile_media import build_noise, build_wav
from s3_proxy import Fault, S3Proxy
from s3_server import S3Server
from service_context import open_client
from transcriber.infra.context import Context
from transcriber.infra.storage.s3 import S3Storage
from transcriber.recordings.models import Recording

# More than one part.
LONG = build_wav(build_noise(300))


@pytest.fixture
def service(context: Context, client: TestClient, s3_storage: S3Storage) -> Generator[TestClient]:
    """The service with its objects in the store behind the faulty proxy."""
    with open_client(replace(context, storage=s3_storage)) as opened:
        opened.headers["Authorization"] = client.headers["Authorization"]
        yield opened


def send(service: TestClient, key: str | None = None, data: bytes = LONG) -> Response:
    headers = {} if key is None else {"Idempotency-Key": key}
    return service.post("/jobs/", files={"file": ("talk.wav", data)}, headers=headers)


def list_named(context: Context) -> list[str]:
    with context.database.snapshot() as session:
        return list(session.scalars(select(Recording.storage_key)))


REFUSALS: dict[str, tuple[Fault, str, int]] = {
    "part_slow_down": (faults.answer(*faults.SLOW_DOWN), "send_part", 503),
    "part_full": (faults.answer(*faults.FULL), "send_part", 507),
    "part_stalls": (faults.stall, "send_part", 503),
    "part_cut": (faults.cut_upload(1_000_000), "send_part", 503),
    "completion_fails": (faults.fail_inside("InternalError"), "complete_upload", 503),
    "bucket_refuses": (faults.answer(*faults.SLOW_DOWN), "head_bucket", 503),
    "bucket_stalls": (faults.stall, "head_bucket", 503),
}


@pytest.mark.parametrize("name", REFUSALS)
def test_a_refused_submission_leaves_no_row_and_no_byte(
    service: TestClient, context: Context, s3_server: S3Server, s3_proxy: S3Proxy, name: str
) -> None:
    fault, operation, status = REFUSALS[name]
    s3_proxy.break_always(fault, operation)
    answer = send(service)
    assert answer.status_code == status, answer.text
    assert answer.headers["Retry-After"]
    assert list_named(context) == []
    assert (s3_server.list_keys(), s3_server.list_unfinished()) == ([], [])
    # The same request goes through once the store is back.
    s3_proxy.heal()
    assert send(service).status_code == 201
    assert list_named(context) == s3_server.list_keys()


def test_a_submission_whose_completion_nobody_heard_of_is_accepted(
    service: TestClient, context: Context, s3_server: S3Server, s3_proxy: S3Proxy
) -> None:
    s3_proxy.break_always(faults.lose_answer, "complete_upload")
    assert send(service).status_code == 201
    assert list_named(context) == s3_server.list_keys()


def test_a_repetition_that_cannot_take_its_copy_back_still_answers(
    service: TestClient, context: Context, s3_server: S3Server, s3_proxy: S3Proxy
) -> None:
    first = send(service, "k-1")
    s3_proxy.break_always(faults.answer(*faults.SLOW_DOWN), "delete")
    again = send(service, "k-1")
    assert (again.status_code, again.json()["id"]) == (201, first.json()["id"])
    assert len(s3_server.list_keys()) == 2
    assert len(list_named(context)) == 1


def test_a_bad_form_is_told_as_such_although_its_file_cannot_be_taken_back(
    service: TestClient, s3_proxy: S3Proxy
) -> None:
    s3_proxy.break_always(faults.answer(*faults.SLOW_DOWN), "abort_upload", "delete")
    answer = service.post("/jobs/", files={"file": ("talk.wav", LONG)}, data={"beam_size": "99"})
    assert answer.status_code == 422


def test_an_upload_that_breaks_off_midway_is_aborted(
    service: TestClient, context: Context, s3_server: S3Server
) -> None:
    def break_off() -> Iterator[bytes]:
        yield b'--xx\r\nContent-Disposition: form-data; name="file"; filename="a.wav"\r\n\r\n'
        yield LONG

    kind = {"Content-Type": "multipart/form-data; boundary=xx"}
    assert service.post("/jobs/", content=break_off(), headers=kind).status_code == 400
    assert list_named(context) == []
    assert (s3_server.list_keys(), s3_server.list_unfinished()) == ([], [])


def test_a_deletion_waits_for_a_store_that_is_away(
    service: TestClient, context: Context, s3_server: S3Server, s3_proxy: S3Proxy
) -> None:
    job_id = send(service).json()["id"]
    s3_proxy.break_always(faults.refuse_connection, "delete")
    assert service.delete(f"/jobs/{job_id}").status_code == 204
    assert service.get(f"/jobs/{job_id}").status_code == 404
    assert len(s3_server.list_keys()) == 1
